import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { codeBehind, withoutBytes } from '../../kernel/errorCode.ts';
import type { RefreshCall } from '../ports.ts';
import { type TappedConnection, tapConnection } from './tappedConnection.ts';
import type { TokenRequest } from './tokenRequest.ts';

/** Everything that came back on the connection, in the order in which it can be of use. */
export interface Exchange {
  readonly response:
    | { readonly httpStatus: number; readonly header: (name: string) => string | undefined }
    | undefined;
  /** The body as read, still compressed. */
  readonly body: Buffer;
  /** Why it ended early, in words; absent: it ended as HTTP says. */
  readonly cutOff: string | undefined;
  readonly cause: unknown;
  /**
   * Reads on, to the end of the connection at most, and gives all the bytes of the answer as they came:
   * what the HTTP parser refused or left may hold a token.
   */
  readonly readOn: TappedConnection['readOn'];
  /** Ends the connection. To be called once nothing more is wanted of it. */
  readonly close: () => void;
}

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  readonly maxBodyBytes: number;
  readonly stillWaiting: RefreshCall['stillWaiting'];
}

/** As much as browsers take: gateways add policies and cookies by the dozen. */
const MAX_HEADER_BYTES = 256 * 1024;

const headerOf = (message: IncomingMessage) => (name: string) => {
  const value = message.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

const send = (connection: TappedConnection, { url, headers }: TokenRequest) =>
  request({
    createConnection: () => connection.stream,
    method: 'POST',
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, ...headers, connection: 'close' },
    setHost: false,
    maxHeaderSize: MAX_HEADER_BYTES,
  });

/**
 * Sends one request on an open connection and keeps every byte that comes back, however it ends.
 * Never rejects. The connection is of no use afterwards.
 */
export const exchange = (
  socket: Socket,
  tokenRequest: TokenRequest,
  { signal, maxBodyBytes, stillWaiting }: ExchangeOptions,
): Promise<Exchange> =>
  new Promise((resolve) => {
    const connection = tapConnection(socket);
    const chunks: Buffer[] = [];
    let size = 0;
    let message: IncomingMessage | undefined;
    const waiting = stillWaiting && setInterval(stillWaiting.notify, stillWaiting.everyMs);
    const finish = (cutOff: string | undefined, cause: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      clearInterval(waiting);
      resolve({
        response: message && { httpStatus: message.statusCode ?? 0, header: headerOf(message) },
        body: Buffer.concat(chunks),
        cutOff,
        cause: withoutBytes(cause),
        readOn: connection.readOn,
        close: connection.close,
      });
    };
    const onAbort = (): void => finish('no complete answer within the timeout', signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const outgoing = send(connection, tokenRequest);
    outgoing.on('error', (error) => finish(`the connection broke${codeBehind(error)}`, error));
    outgoing.on('close', () => finish('the connection was closed without an answer', undefined));
    outgoing.on('response', (incoming) => {
      message = incoming;
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, maxBodyBytes - size));
        size += chunk.length;
        if (size >= maxBodyBytes) finish(`the answer is longer than ${maxBodyBytes} bytes`, undefined);
      });
      incoming.on('error', (error) => finish(`the answer broke off${codeBehind(error)}`, error));
      incoming.on('end', () => finish(undefined, undefined));
    });
    outgoing.end(tokenRequest.body);
  });

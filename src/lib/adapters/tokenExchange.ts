import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { TokenRequest } from './tokenRequest.ts';

/** Everything that came back on the connection, in the order in which it can be of use. */
export interface Exchange {
  readonly response:
    | { readonly httpStatus: number; readonly header: (name: string) => string | undefined }
    | undefined;
  /** The body as read, still compressed. */
  readonly body: Buffer;
  /** Bytes that the HTTP parser refused: a broken header or chunk may be followed by a good token. */
  readonly unparsed: Buffer;
  /** Why it ended early, in words; absent: it ended as HTTP says. */
  readonly cutOff: string | undefined;
  readonly cause: unknown;
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? ` (${error.code})`
    : '';

const packetOf = (error: unknown): Buffer =>
  typeof error === 'object' && error !== null && 'rawPacket' in error && Buffer.isBuffer(error.rawPacket)
    ? error.rawPacket
    : Buffer.alloc(0);

// The parser's error carries the bytes it refused, and a token may be in them: only its words go on.
const printableCause = (error: unknown): unknown =>
  packetOf(error).length > 0 ? new Error(`the answer is not HTTP${codeOf(error)}`) : error;

const headerOf = (message: IncomingMessage) => (name: string) => {
  const value = message.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/**
 * Sends one request on an open connection and keeps every byte that comes back, however it ends.
 * Never rejects. The connection is of no use afterwards.
 */
export const exchange = (
  socket: Socket,
  { url, headers, body }: TokenRequest,
  { signal, maxBodyBytes }: { signal: AbortSignal; maxBodyBytes: number },
): Promise<Exchange> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let message: IncomingMessage | undefined;
    const finish = (cutOff: string | undefined, cause: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve({
        response: message && { httpStatus: message.statusCode ?? 0, header: headerOf(message) },
        body: Buffer.concat(chunks),
        unparsed: packetOf(cause),
        cutOff,
        cause: printableCause(cause),
      });
    };
    const onAbort = (): void => finish('no complete answer within the timeout', signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', (error) => finish(`the connection broke${codeOf(error)}`, error));
    const outgoing = request({
      createConnection: () => socket,
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, ...headers, connection: 'close' },
      setHost: false,
    });
    outgoing.on('error', (error) => finish(`the connection broke${codeOf(error)}`, error));
    outgoing.on('close', () => finish('the connection was closed without an answer', undefined));
    outgoing.on('response', (incoming) => {
      message = incoming;
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, maxBodyBytes - size));
        size += chunk.length;
        if (size >= maxBodyBytes) finish(`the answer is longer than ${maxBodyBytes} bytes`, undefined);
      });
      incoming.on('error', (error) => finish(`the answer broke off${codeOf(error)}`, error));
      incoming.on('end', () => finish(undefined, undefined));
    });
    outgoing.end(body);
  });

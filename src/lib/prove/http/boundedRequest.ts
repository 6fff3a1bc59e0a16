import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { codeBehind, withoutBytes } from '../../kernel/errorCode.ts';
import { decompress } from '../../oauth/tokenEndpoint/decompress.ts';
import { openConnection } from '../../oauth/tokenEndpoint/tokenConnection.ts';

/** How long one call may take, from connecting to the last byte. */
const TIMEOUT_MS = 10_000;
/** Of a body. A token has 25 KB at most, a page of an error less. */
const MAX_BODY_BYTES = 256 * 1024;

export interface BoundedRequest {
  /** Checked by the caller: this sends to whatever it names. */
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
  /** Trusted instead of the system's own; only local mode and tests need it. */
  readonly ca?: string | undefined;
  /** The client's own certificate and key, as PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Whether status and headers are all that is wanted: then a body that is too large is left, and no fault. */
  readonly leavesBody?: boolean;
}

export interface HttpAnswer {
  readonly kind: 'answered';
  readonly httpStatus: number;
  readonly header: (name: string) => string | undefined;
  /** Decompressed: some compress whatever they were asked for. */
  readonly body: Buffer;
}

/** No answer, or none that is whole. */
export interface NoAnswer {
  readonly kind: 'unanswered';
  /** False: not a byte of the request has left. */
  readonly isSent: boolean;
  /** A part of a sentence, as in `no connection (ECONNREFUSED)`. Holds nothing of request or answer. */
  readonly reason: string;
  /** The alert of TLS with which the server ended it. @see RFC 8446 §6.2 */
  readonly tlsAlert?: number | undefined;
  /** Where the answer had begun. */
  readonly httpStatus?: number | undefined;
  readonly cause?: unknown;
}

/** OpenSSL ends its sentence so, whatever code Node gives the error. */
const tlsAlertOf = (error: unknown): number | undefined => {
  const said = error instanceof Error ? /\bSSL alert number (\d{1,3})\s*$/.exec(error.message) : null;
  return said === null ? undefined : Number(said[1]);
};

const noAnswer = (isSent: boolean, what: string, error?: unknown, httpStatus?: number): NoAnswer => ({
  kind: 'unanswered',
  isSent,
  reason: `${what}${codeBehind(error)}`,
  tlsAlert: tlsAlertOf(error),
  httpStatus,
  cause: withoutBytes(error),
});

/** No agent: with NODE_DEBUG one prints the headers. */
const send = (socket: Socket, { url, method, headers, body }: BoundedRequest) =>
  request({
    createConnection: () => socket,
    method,
    path: `${url.pathname}${url.search}`,
    headers: {
      host: url.host,
      'accept-encoding': 'identity',
      'cache-control': 'no-store',
      'user-agent': 'keywatch',
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
      connection: 'close',
    },
    setHost: false,
  }).end(body);

const answerOf = ({ statusCode = 0, headers }: IncomingMessage, chunks: Buffer[]): HttpAnswer => ({
  kind: 'answered',
  httpStatus: statusCode,
  header: (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  },
  body: Buffer.concat(chunks),
});

const exchange = (
  socket: Socket,
  wanted: BoundedRequest,
  signal: AbortSignal,
  whyAborted: () => string,
): Promise<HttpAnswer | NoAnswer> =>
  new Promise((resolve) => {
    let message: IncomingMessage | undefined;
    const finish = (answer: HttpAnswer | NoAnswer): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(answer);
    };
    const fail = (what: string, error?: unknown): void =>
      finish(noAnswer(true, what, error, message?.statusCode));
    const onAbort = (): void => fail(whyAborted());
    const onError = (error: unknown): void => fail('the connection broke', error);
    signal.addEventListener('abort', onAbort, { once: true });
    send(socket, wanted)
      .on('error', onError)
      // Without this Node.js closes the connection and says nothing.
      .on('upgrade', () => fail('the answer changes the protocol (101)'))
      .on('response', (response) => {
        message = response;
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('error', onError);
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size <= MAX_BODY_BYTES) return;
          if (wanted.leavesBody === true) finish(answerOf(response, []));
          else fail('the answer is larger than 256 kB');
        });
        response.on('end', () => finish(answerOf(response, chunks)));
      });
  });

/**
 * One HTTP/1.1 exchange on a connection of its own, as a consumer that was just started would make it. It follows
 * no redirect, keeps the status, and ends after ten seconds or 256 kB at the latest. Never rejects.
 */
export const boundedRequest = async (wanted: BoundedRequest): Promise<HttpAnswer | NoAnswer> => {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = AbortSignal.any([wanted.signal, timeout]);
  const whyAborted = () => (wanted.signal.aborted ? 'it was called off' : 'no answer in time');
  let socket: Socket;
  try {
    socket = await openConnection(wanted.url, signal, { ca: wanted.ca, ...wanted.tls });
  } catch (error) {
    return noAnswer(false, signal.aborted ? whyAborted() : 'no connection', error);
  }
  try {
    const answer = await exchange(socket, wanted, signal, whyAborted);
    if (answer.kind === 'unanswered') return answer;
    const { bytes } = await decompress(answer.body, answer.header('content-encoding'), MAX_BODY_BYTES);
    return { ...answer, body: bytes };
  } catch (error) {
    socket.destroy();
    return noAnswer(false, 'the request cannot be sent', error);
  }
};

import {
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';

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
  /** Absent: ten seconds; for tests. */
  readonly timeoutMs?: number | undefined;
}

export interface HttpAnswer {
  readonly kind: 'answered';
  readonly httpStatus: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
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

const codeOf = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
};

/** OpenSSL ends its sentence so, whatever code Node gives the error. */
const tlsAlertOf = (error: unknown): number | undefined => {
  const number =
    error instanceof Error ? /\bSSL alert number (\d{1,3})\s*$/.exec(error.message)?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
};

// The parser's error carries the bytes that it refused, and a token may be in them.
const printableCause = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'rawPacket' in error
    ? new Error(`the answer is not HTTP (${codeOf(error)})`)
    : error;

/** A connection of its own each time: what an old one knows is not what a consumer would meet. */
const open = ({ url, method, headers, body, ca, tls }: BoundedRequest): ClientRequest => {
  const options: RequestOptions = {
    method,
    agent: false,
    headers: {
      'accept-encoding': 'identity',
      'cache-control': 'no-store',
      'user-agent': 'keywatch',
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
  };
  if (url.protocol !== 'https:') return requestHttp(url, options);
  return requestHttps(url, {
    ...options,
    minVersion: 'TLSv1.2',
    // Said here, or NODE_TLS_REJECT_UNAUTHORIZED decides.
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...tls,
  });
};

/**
 * One HTTP/1.1 exchange that follows no redirect, keeps the status, and ends after ten seconds or 256 kB at the
 * latest. Never rejects.
 */
export const boundedRequest = (wanted: BoundedRequest): Promise<HttpAnswer | NoAnswer> =>
  new Promise((resolve) => {
    let isSent = false;
    let message: IncomingMessage | undefined;
    const timeout = AbortSignal.timeout(wanted.timeoutMs ?? TIMEOUT_MS);
    const signal = AbortSignal.any([wanted.signal, timeout]);
    const finish = (answer: HttpAnswer | NoAnswer): void => {
      signal.removeEventListener('abort', onAbort);
      outgoing?.destroy();
      resolve(answer);
    };
    const fail = (what: string, error?: unknown): void => {
      const code = codeOf(error);
      const reason = code === undefined ? what : `${what} (${code})`;
      const httpStatus = message?.statusCode;
      finish({
        kind: 'unanswered',
        isSent,
        reason,
        tlsAlert: tlsAlertOf(error),
        httpStatus,
        cause: printableCause(error),
      });
    };
    const onAbort = (): void => fail(timeout.aborted ? 'no answer in time' : 'it was called off');
    const onError = (error: unknown): void => fail(isSent ? 'the connection broke' : 'no connection', error);

    let outgoing: ClientRequest | undefined;
    if (signal.aborted) return fail('it was called off');
    try {
      outgoing = open(wanted);
    } catch (error) {
      return fail('the request cannot be sent', error);
    }
    signal.addEventListener('abort', onAbort, { once: true });
    outgoing.on('error', onError);
    outgoing.on('socket', (socket) => {
      socket.once(wanted.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        isSent = true;
      });
    });
    outgoing.on('response', (response) => {
      message = response;
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BODY_BYTES) fail('the answer is larger than 256 kB');
        else chunks.push(chunk);
      });
      response.on('error', onError);
      response.on('end', () =>
        finish({
          kind: 'answered',
          httpStatus: response.statusCode ?? 0,
          header: (name) => {
            const value = response.headers[name];
            return Array.isArray(value) ? value.join(', ') : value;
          },
          body: Buffer.concat(chunks),
        }),
      );
    });
    outgoing.end(wanted.body);
  });

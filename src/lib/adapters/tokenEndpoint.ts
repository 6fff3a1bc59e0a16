import { refreshUrlOf } from '../domain/providerProfile.ts';
import type { AuthorizationServer, RefreshCall, TokenAnswer } from '../ports/authorizationServer.ts';
import type { Clock } from '../ports/clock.ts';
import { decompress } from './decompress.ts';
import { openConnection } from './tokenConnection.ts';
import { type Exchange, exchange } from './tokenExchange.ts';
import { buildTokenRequest, endpointFault, type TokenRequest } from './tokenRequest.ts';
import { type RawTokenResponse, readTokenAnswer } from './tokenResponse.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export interface TokenEndpointOptions {
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  /** Local mode only: http to this machine. Anything else is https. */
  readonly allowLoopbackHttp?: boolean | undefined;
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string | undefined;
}

const toRaw = async ({ response, body, cutOff }: Exchange, httpStatus: number): Promise<RawTokenResponse> => {
  const header = response?.header ?? (() => undefined);
  const decoded = await decompress(body, header('content-encoding'), MAX_BODY_BYTES);
  return {
    httpStatus,
    contentType: header('content-type'),
    date: header('date'),
    retryAfter: header('retry-after'),
    body: decoded.bytes,
    cutOff: cutOff ?? (decoded.complete ? undefined : 'the compressed answer is cut off'),
  };
};

/** The answer in the bytes that the HTTP parser refused, when a token is in them. */
const salvage = async (call: RefreshCall, result: Exchange): Promise<TokenAnswer | undefined> => {
  const end = result.unparsed.indexOf('\r\n\r\n');
  const head = result.unparsed.subarray(0, Math.max(end, 0)).toString('latin1');
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0);
  const body = end < 0 ? result.unparsed : result.unparsed.subarray(end + 4);
  const raw = await toRaw({ ...result, body }, result.response?.httpStatus ?? status);
  const answer = readTokenAnswer(raw, call.profile, call.refreshToken);
  return answer.kind === 'tokens' ? answer : undefined;
};

const answerOf = async (call: RefreshCall, result: Exchange): Promise<TokenAnswer> => {
  const ambiguous = { kind: 'ambiguous', reason: result.cutOff ?? 'no answer', cause: result.cause } as const;
  const parsed =
    result.response === undefined
      ? ambiguous
      : readTokenAnswer(await toRaw(result, result.response.httpStatus), call.profile, call.refreshToken);
  if (parsed.kind === 'tokens' || result.unparsed.length === 0) return parsed;
  return (await salvage(call, result)) ?? parsed;
};

const beforeAbort = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });

const unmade = (cause: unknown): TokenAnswer => ({
  kind: 'not_sent',
  ...(codeOf(cause) === 'ERR_INVALID_CHAR'
    ? { reason: 'the accept header of the provider settings cannot be sent', isOfSettings: true }
    : { reason: 'the client could not be proven (signing failed)' }),
  cause,
});

const codeOf = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
};

/** Says what came in between, where the system has a word for it: a name, a certificate and a refusal differ. */
const unconnected = (cause: unknown): TokenAnswer => {
  const code = codeOf(cause);
  const why = code === undefined ? '' : ` (${code})`;
  return { kind: 'not_sent', reason: `no connection to the token endpoint${why}`, cause };
};

/** Token endpoints over HTTP/1.1, each call on a connection of its own. */
export const tokenEndpoint = ({
  clock,
  allowLoopbackHttp,
  ca,
}: TokenEndpointOptions): AuthorizationServer => ({
  async refresh(call) {
    const fault = endpointFault(refreshUrlOf(call.profile), allowLoopbackHttp ?? false);
    if (fault !== undefined) return { kind: 'not_sent', reason: fault, isOfSettings: true };
    const signal = AbortSignal.timeout(call.timeoutMs);
    let request: TokenRequest;
    try {
      request = await beforeAbort(buildTokenRequest(call, clock.nowEpochMs()), signal);
    } catch (cause) {
      return unmade(cause);
    }
    let socket: Awaited<ReturnType<typeof openConnection>>;
    try {
      socket = await openConnection(request.url, signal, { ca });
    } catch (cause) {
      return unconnected(cause);
    }
    if (socket.destroyed) return { kind: 'not_sent', reason: 'the connection broke before the request' };
    const result = await exchange(socket, request, { signal, maxBodyBytes: MAX_BODY_BYTES });
    return answerOf(call, result);
  },
});

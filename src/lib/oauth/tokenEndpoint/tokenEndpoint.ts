import type { Clock } from '../../kernel/clock.ts';
import { codeBehind, errorCode } from '../../kernel/errorCode.ts';
import type { AuthorizationServer, CodeCall, CodeExchange, RefreshCall, TokenAnswer } from '../ports.ts';
import { endpointFault } from '../rules/endpointFault.ts';
import { decompress } from './decompress.ts';
import { readRawHttpAnswer } from './rawHttpAnswer.ts';
import { readingLimit } from './readingLimit.ts';
import { openConnection } from './tokenConnection.ts';
import { type Exchange, exchange } from './tokenExchange.ts';
import { addressOf, buildTokenRequest, type TokenRequest } from './tokenRequest.ts';
import { type RawTokenResponse, readTokenAnswer } from './tokenResponse.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export interface TokenEndpointOptions {
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  /** Local mode only: http to this machine. Anything else is https. */
  readonly allowLoopback?: boolean | undefined;
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string | undefined;
}

interface HttpAnswer {
  readonly httpStatus: number;
  readonly header: (name: string) => string | undefined;
  /** As it came: compressed, perhaps. */
  readonly body: Buffer;
}

type Call = RefreshCall | CodeCall;

/** What went out with a call, and may come back as an echo. */
const sentBy = (call: Call): string => ('code' in call ? call.code : call.refreshToken);

const readAnswer = async (
  call: Call,
  { httpStatus, header, body }: HttpAnswer,
  { cutOff, cause }: Pick<Exchange, 'cutOff' | 'cause'>,
): Promise<TokenAnswer> => {
  const decoded = await decompress(body, header('content-encoding'), MAX_BODY_BYTES);
  const saysWhereItEnds = header('content-length') ?? header('transfer-encoding');
  const raw: RawTokenResponse = {
    httpStatus,
    contentType: header('content-type'),
    date: header('date'),
    retryAfter: header('retry-after'),
    body: decoded.bytes,
    cutOff: cutOff ?? (decoded.complete ? undefined : 'the compressed answer is cut off'),
    // A compressed body has an end of its own.
    isEndedByClose: saysWhereItEnds === undefined && decoded.bytes === body,
  };
  const answer = readTokenAnswer(raw, call.profile, sentBy(call));
  return answer.kind === 'ambiguous' ? { ...answer, cause } : answer;
};

/** A body that HTTP calls whole and that does not read as a whole: there may be more behind the length that was named. */
const REST_MS = 2_000;

/** The answer in the bytes that the HTTP parser refused or left, where it can be read from them. */
const salvage = async (call: Call, result: Exchange, signal: AbortSignal): Promise<TokenAnswer> => {
  const limit = result.cutOff === undefined ? AbortSignal.any([signal, readingLimit(REST_MS)]) : signal;
  const bytes = await result.readOn(limit, (some) => result.cutOff !== undefined && isWholeAnswer(some));
  const raw = readRawHttpAnswer(bytes);
  return readAnswer(call, raw, raw.isComplete ? { ...result, cutOff: undefined } : result);
};

const isWholeAnswer = (bytes: Buffer): boolean => readRawHttpAnswer(bytes).isComplete;

const answerOf = async (call: Call, result: Exchange, signal: AbortSignal): Promise<TokenAnswer> => {
  const { response, body, cutOff } = result;
  if (response === undefined) return salvage(call, result, signal);
  const parsed = await readAnswer(call, { ...response, body }, result);
  const isSuccess = response.httpStatus >= 200 && response.httpStatus < 300;
  if (parsed.kind !== 'ambiguous' || (cutOff === undefined && !isSuccess)) return parsed;
  const salvaged = await salvage(call, result, signal);
  return salvaged.kind === 'tokens' ? salvaged : parsed;
};

const beforeAbort = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });

const unmade = (cause: unknown): TokenAnswer => ({
  kind: 'not_sent',
  ...(errorCode(cause) === 'ERR_INVALID_CHAR'
    ? { reason: 'the accept header of the provider settings cannot be sent', isOfSettings: true }
    : { reason: 'the client could not be proven (signing failed)' }),
  cause,
});

/** Says what came in between, where the system has a word for it: a name, a certificate and a refusal differ. */
const unconnected = (cause: unknown): TokenAnswer => ({
  kind: 'not_sent',
  reason: `no connection to the token endpoint${codeBehind(cause)}`,
  cause,
});

const send = async ({ clock, allowLoopback, ca }: TokenEndpointOptions, call: Call): Promise<TokenAnswer> => {
  const fault = endpointFault(addressOf(call), allowLoopback ?? false);
  if (fault !== undefined) return { kind: 'not_sent', reason: fault, isOfSettings: true };
  const signal = readingLimit(call.timeoutMs);
  const sending = AbortSignal.timeout(Math.min(call.sendWithinMs ?? call.timeoutMs, call.timeoutMs));
  let request: TokenRequest;
  try {
    request = await beforeAbort(buildTokenRequest(call, clock.nowEpochMs()), sending);
  } catch (cause) {
    return unmade(cause);
  }
  let socket: Awaited<ReturnType<typeof openConnection>>;
  try {
    socket = await openConnection(request.url, sending, { ca, ...request.tls });
  } catch (cause) {
    return unconnected(cause);
  }
  if (socket.destroyed) return { kind: 'not_sent', reason: 'the connection broke before the request' };
  if (call.mayStillSend?.() === false) {
    socket.destroy();
    return { kind: 'fenced' };
  }
  const { stillWaiting } = call;
  const result = await exchange(socket, request, { signal, maxBodyBytes: MAX_BODY_BYTES, stillWaiting });
  const answer = await answerOf(call, result, signal);
  result.close();
  return answer;
};

/** Token endpoints over HTTP/1.1, each call on a connection of its own. */
export const tokenEndpoint = (options: TokenEndpointOptions): AuthorizationServer & CodeExchange => ({
  refresh: (call) => send(options, call),
  exchangeCode: (call) => send(options, call),
});

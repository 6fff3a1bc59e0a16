import type { TokenCredential } from '@azure/core-auth';
import { azureRequests } from '../../azure/azureRequests.ts';
import { serviceOrigin } from '../../azure/loopbackSwitches.ts';
import type { Clock } from '../../kernel/clock.ts';
import { jsonObjectOf } from '../../kernel/json.ts';
import { UnreadableAnswerError } from './graphErrors.ts';

const REQUEST_TIMEOUT_MS = 60_000;
/** A scan waits; what people wait for comes first. */
export const LOW_PRIORITY = { 'x-ms-throttle-priority': 'low' } as const;

export interface GraphOptions {
  readonly credential: TokenCredential;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  readonly tenantId: string;
  /** Microsoft Graph of the cloud; the public one by default. */
  readonly endpoint?: string | undefined;
  /** True under `npm start` only: lets the endpoint be this machine. */
  readonly allowLoopback?: boolean;
  /** For jitter; `Math.random` by default. */
  readonly random?: () => number;
}

export interface GraphAnswer {
  readonly json: Readonly<Record<string, unknown>>;
  readonly serverDateEpochMs: number | undefined;
}

export interface GraphClient {
  /** @param path behind `/v1.0`, or the whole address of a next page. Rejects with what {@link graphFailureOf} reads. */
  get(path: string, signal: AbortSignal): Promise<GraphAnswer>;
  /** A question that is sent as a POST: a batch. */
  ask(path: string, body: unknown, signal: AbortSignal): Promise<GraphAnswer>;
  /** A POST that changes something: sent once. An answer without a body has an empty one. */
  change(path: string, body: unknown, signal: AbortSignal): Promise<GraphAnswer>;
}

/** Signed-in requests to Microsoft Graph, each to its own host only. */
export const openGraph = (options: GraphOptions): GraphClient => {
  const { credential, clock, tenantId, allowLoopback = false, random = Math.random } = options;
  const origin = serviceOrigin(options.endpoint ?? 'https://graph.microsoft.com', allowLoopback);
  const send = azureRequests({
    credential,
    scope: `${origin}/.default`,
    tenantId,
    clock,
    random,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    allowLoopback,
  });

  const addressOf = (path: string): string => {
    if (path.startsWith('/')) return `${origin}/v1.0${path}`;
    // A next page elsewhere would take the token there.
    if (URL.canParse(path) && new URL(path).origin === origin) return path;
    throw new UnreadableAnswerError('the next page is said to be on another host');
  };

  const answerOf = async (request: Parameters<typeof send>[0]): Promise<GraphAnswer> => {
    const { status, headers, bodyAsText } = await send({ ...request, headers: LOW_PRIORITY });
    const json = status === 204 ? {} : status === 200 ? jsonObjectOf(bodyAsText ?? '') : undefined;
    if (json === undefined)
      throw new UnreadableAnswerError(`HTTP ${status} with a body that is no JSON object`);
    const dateEpochMs = Date.parse(headers.get('date') ?? '');
    return { json, serverDateEpochMs: Number.isNaN(dateEpochMs) ? undefined : dateEpochMs };
  };

  return {
    get: async (path, signal) => answerOf({ method: 'GET', url: addressOf(path), signal }),
    ask: async (path, body, signal) => answerOf({ url: addressOf(path), body, signal }),
    change: async (path, body, signal) => answerOf({ url: addressOf(path), body, signal, isChange: true }),
  };
};

import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../kernel/clock.ts';
import { asRestError } from './restError.ts';
import { retryAfterMsOf } from './retryAfter.ts';

const MAX_ATTEMPTS = 4;
const FIRST_DELAY_MS = 1_000;
/** Who asks for more is left alone: the failure says how long, and the next run comes anyway. */
const MAX_RETRY_AFTER_MS = 60_000;

const RETRIED_STATUSES = new Set([408, 429, 500, 502, 503, 504]);
const RETRIED_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'PARSE_ERROR',
]);

export interface RetryPolicyOptions {
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}

/**
 * Repeats a read that failed for the moment, at most three times: after what the answer asks for, or
 * after a doubling, jittered delay. It replaces the SDK's own policy, which gives up at once on a
 * 429 without `Retry-After` and waits by a clock of its own. For idempotent requests only.
 */
export const retryPolicy = (options: RetryPolicyOptions): PipelinePolicy => ({
  name: 'keywatchRetryPolicy',
  async sendRequest(request, next) {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await next(request).then(
        (response) => ({ response }),
        (error: unknown) => ({ error }),
      );
      const delayMs = attempt < MAX_ATTEMPTS ? delayBefore(outcome, attempt, options) : undefined;
      if (delayMs === undefined) {
        if ('error' in outcome) throw outcome.error;
        return outcome.response;
      }
      await options.clock.sleep(delayMs, options.signal);
    }
  },
});

/** `undefined`: do not try again. */
const delayBefore = (
  outcome: { response: PipelineResponse } | { error: unknown },
  attempt: number,
  { clock, random, signal }: RetryPolicyOptions,
): number | undefined => {
  if (signal.aborted) return undefined;
  const backOffMs = FIRST_DELAY_MS * 2 ** (attempt - 1) * (0.5 + random() / 2);
  if ('error' in outcome) return isPassing(outcome.error) ? backOffMs : undefined;
  const { status, headers } = outcome.response;
  if (!RETRIED_STATUSES.has(status)) return undefined;
  const askedMs = retryAfterMsOf(headers, clock.nowEpochMs());
  if (askedMs === undefined) return backOffMs;
  return askedMs <= MAX_RETRY_AFTER_MS ? askedMs * (1 + random() / 10) : undefined;
};

/** The time limit of one request shows as an `AbortError`: the vault's own limit was checked before. */
const isPassing = (error: unknown): boolean => {
  if (error instanceof Error && error.name === 'AbortError') return true;
  const restError = asRestError(error);
  return restError?.statusCode === undefined && RETRIED_CODES.has(restError?.code ?? '');
};

import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../../kernel/clock.ts';
import type { Redactor } from '../redact.ts';

/** Long enough for a slow region, short enough that a dead one is known before the next metric export. */
const REQUEST_TIMEOUT_MS = 15_000;

/** A batch that is under way for longer will hardly arrive while somebody waits for it. */
const SLOW_AFTER_MS = 2_000;

export interface Delivery {
  readonly policy: PipelinePolicy;
  /** Batches given up on since the process started. */
  undeliveredBatches(): number;
  /** After a flush: what ingestion wanted at another host, and the SDK did not send there, counts as given up on. */
  giveUpRedirects(): void;
  /** Whether what was sent last did not arrive, or hangs: waiting for the next batch is of no use to anybody. */
  isFailing(): boolean;
  /** Counts something that never became a batch: a full buffer, an SDK that did not start. */
  addUndelivered(httpStatus: number): void;
  /** Ends the requests under way, which would keep the process alive until they time out. */
  abort(): void;
}

/** Items that the answer says were not taken; a 200 may refuse some, and then says how many. */
const refusesSome = ({ bodyAsText }: PipelineResponse): boolean => {
  try {
    const answer = JSON.parse(bodyAsText ?? '') as { itemsReceived?: number; itemsAccepted?: number };
    return (answer.itemsAccepted ?? 0) < (answer.itemsReceived ?? 0);
  } catch {
    return false;
  }
};

/**
 * The last step before a batch leaves: it is redacted as a whole, whoever made its items, and what became
 * of it is counted once, after the retries. The SDK itself reports a refused batch to nobody.
 * `onUndelivered` hears of past losses with the next batch that does get through.
 */
export const createDelivery = (
  redactor: Redactor,
  clock: Pick<Clock, 'monotonicMs'>,
  onUndelivered: (httpStatus: number, batches: number) => void,
): Delivery => {
  let total = 0;
  const unreported = new Map<number, number>();
  const underWay = new AbortController();
  const sentMs = new Map<PipelineRequest, number>();
  /** The answer to what ingestion wants at another host, until the SDK sends it there. */
  const redirected = new Map<PipelineRequest['body'], number>();
  let hasFailed = false;

  const addUndelivered = (httpStatus: number) => {
    hasFailed = true;
    total += 1;
    unreported.set(httpStatus, (unreported.get(httpStatus) ?? 0) + 1);
  };
  const reportLosses = () => {
    hasFailed = false;
    const losses = [...unreported];
    unreported.clear();
    for (const [httpStatus, batches] of losses) onUndelivered(httpStatus, batches);
  };

  const prepare = (request: PipelineRequest) => {
    request.timeout = REQUEST_TIMEOUT_MS;
    request.abortSignal = underWay.signal;
    if (typeof request.body !== 'string') throw new Error('a telemetry batch that cannot be redacted');
    request.body = redactor.redactJson(request.body);
  };

  const judge = (body: PipelineRequest['body'], response: PipelineResponse) => {
    const { status } = response;
    if (status === 307 || status === 308) return void redirected.set(body, status);
    const isAnswered = status >= 200 && status < 300;
    if (!isAnswered || refusesSome(response)) addUndelivered(status);
    // Who takes a part takes what is sent next as well, and may never take a whole batch.
    if (isAnswered) reportLosses();
  };

  const policy: PipelinePolicy = {
    name: 'keywatchDelivery',
    async sendRequest(request, next) {
      const { body } = request;
      redirected.delete(body);
      sentMs.set(request, clock.monotonicMs());
      try {
        prepare(request);
        const response = await next(request);
        judge(body, response);
        return response;
      } catch (error) {
        addUndelivered(0);
        throw error;
      } finally {
        sentMs.delete(request);
      }
    },
  };
  return {
    policy,
    undeliveredBatches: () => total,
    giveUpRedirects() {
      for (const httpStatus of redirected.values()) addUndelivered(httpStatus);
      redirected.clear();
    },
    isFailing: () => hasFailed || [...sentMs.values()].some((ms) => clock.monotonicMs() - ms > SLOW_AFTER_MS),
    addUndelivered,
    abort: () => underWay.abort(),
  };
};

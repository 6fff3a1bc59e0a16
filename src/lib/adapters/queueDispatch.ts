import type { QueueClient } from '@azure/storage-queue';
import type { Clock } from '../ports/clock.ts';
import type { RefreshDispatch, RefreshMessage } from '../ports/refreshDispatch.ts';
import type { RefreshWatchdog } from '../ports/refreshWatchdog.ts';
import type { StoreFailure } from '../ports/storeFailure.ts';
import { errorCodeOf } from './blobCalls.ts';
import { storeFailureOf } from './storeFailures.ts';

const CALL_TIMEOUT_MS = 5_000;
/** The longest that Storage hides a message. */
const MAX_DELAY_SECONDS = 7 * 24 * 60 * 60;

export interface QueueDispatchOptions {
  /** The queue that `refreshGrant` listens to. Created when there is none. */
  readonly queue: QueueClient;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

/** The text of a message: base64, which the Functions host expects of a queue unless told otherwise. */
export const encodeRefreshMessage = (message: RefreshMessage): string =>
  Buffer.from(JSON.stringify(message)).toString('base64');

const sendTo =
  ({ queue, clock }: QueueDispatchOptions, store: StoreFailure['store']) =>
  async (
    message: RefreshMessage,
    delaySeconds: number,
    lapsesAfterSeconds?: number,
  ): Promise<{ readonly ok: true } | StoreFailure> => {
    const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const visibilityTimeout = Math.min(Math.max(0, Math.ceil(delaySeconds)), MAX_DELAY_SECONDS);
    // Storage refuses a message that would lapse before it can be seen.
    const life =
      lapsesAfterSeconds === undefined
        ? {}
        : { messageTimeToLive: Math.max(visibilityTimeout + 1, Math.ceil(lapsesAfterSeconds)) };
    const options = { abortSignal, visibilityTimeout, ...life };
    const send = () => queue.sendMessage(encodeRefreshMessage(message), options);
    try {
      await send().catch(async (error: unknown) => {
        if (errorCodeOf(error) !== 'QueueNotFound') throw error;
        await queue.createIfNotExists({ abortSignal });
        return send();
      });
      return { ok: true };
    } catch (error) {
      const what = `queue a look at grant ${message.grantId}`;
      return storeFailureOf(error, { store, what, writes: true, nowEpochMs: clock.nowEpochMs() });
    }
  };

/** Messages to the worker over a Storage queue. */
export const queueDispatch = (options: QueueDispatchOptions): RefreshDispatch => ({
  send: sendTo(options, 'dispatch'),
});

/** The watchdog's message over the same queue, hidden until its time. */
export const queueWatchdog = (options: QueueDispatchOptions): RefreshWatchdog => {
  const send = sendTo(options, 'watchdog');
  return {
    arm: (grantId, delaySeconds) =>
      send(
        { grantId, trigger: 'watchdog', reason: 'a refresh was begun and may not have ended' },
        delaySeconds,
      ),
  };
};

import type { QueueClient } from '@azure/storage-queue';
import type { Clock } from '../kernel/clock.ts';
import type { StoreAnswer } from '../kernel/storeFailure.ts';
import { errorCodeOf } from './blobCalls.ts';
import { type StoreCall, storeFailureOf } from './storeFailures.ts';

const CALL_TIMEOUT_MS = 5_000;
/** The longest that Storage hides a message. */
const MAX_DELAY_SECONDS = 7 * 24 * 60 * 60;

export interface MessageQueue {
  /** A queue that a function listens to. Created when there is none. */
  readonly queue: QueueClient;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

/** With the words of a failure. */
export interface OutgoingMessage extends Pick<StoreCall, 'store' | 'what' | 'actions'> {
  readonly message: object;
  readonly delaySeconds: number;
  readonly lapsesAfterSeconds?: number | undefined;
}

/** Sends one message; a failure is reported in the words of `what`. */
export const sendMessage = async (
  { queue, clock }: MessageQueue,
  { message, delaySeconds, lapsesAfterSeconds, ...call }: OutgoingMessage,
): Promise<StoreAnswer> => {
  const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const visibilityTimeout = Math.min(Math.max(0, Math.ceil(delaySeconds)), MAX_DELAY_SECONDS);
  // Storage refuses a message that would lapse before it can be seen.
  const life =
    lapsesAfterSeconds === undefined
      ? {}
      : { messageTimeToLive: Math.max(visibilityTimeout + 1, Math.ceil(lapsesAfterSeconds)) };
  const send = () => queue.sendMessage(encode(message), { abortSignal, visibilityTimeout, ...life });
  try {
    await send().catch(async (error: unknown) => {
      if (errorCodeOf(error) !== 'QueueNotFound') throw error;
      await queue.createIfNotExists({ abortSignal });
      return send();
    });
    return { ok: true };
  } catch (error) {
    return storeFailureOf(error, { ...call, writes: true, nowEpochMs: clock.nowEpochMs() });
  }
};

/** Base64, which the Functions host expects of a queue unless told otherwise. */
const encode = (message: object): string => Buffer.from(JSON.stringify(message)).toString('base64');

import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { RegisteredFunction } from './functionApp.ts';
import type { QueueLimits } from './hostJson.ts';
import type { HostQueues } from './hostQueues.ts';
import { holdMessage } from './messageHold.ts';
import { decodeMessage } from './queueMessage.ts';
import type { TimerTriggerOptions } from './timerTrigger.ts';
import { triggerOf } from './triggers.ts';

const FIRST_PAUSE_MS = 100;
/** The real host waits up to a minute between polls; on one's own machine nobody wants to. */
const LONGEST_LOCAL_PAUSE_MS = 2_000;
const HOLD_SECONDS = 600;
const POISON_SUFFIX = '-poison';

export interface QueueTrigger {
  readonly functionName: string;
  readonly queueName: string;
  /** Polls until the signal aborts; a storage that fails is asked again. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Works off what is visible now, and what that brings, and says how many messages there were. */
  drain(): Promise<number>;
  /** Messages in the queue that are not visible yet: failed ones that wait, or ones sent for later. */
  waiting(): Promise<number>;
  /** Polls at once, because a message has just been sent. */
  wake(): void;
}

export interface QueueTriggerOptions extends TimerTriggerOptions {
  readonly queues: HostQueues;
  readonly limits: QueueLimits;
}

/** Feeds the messages of one queue to one function: dequeue count, retries and poison queue as the host's. */
export const createQueueTrigger = (fn: RegisteredFunction, options: QueueTriggerOptions): QueueTrigger => {
  const { queues, limits, clock, log } = options;
  const { name: functionName } = fn.metadata;
  const { binding } = triggerOf(fn);
  const queueName = String(binding['queueName']);
  const working = new Set<Promise<void>>();
  let pause = new AbortController();

  /** Fetches one batch and starts on it; the number of messages in it. */
  const fetchBatch = async (): Promise<number> => {
    const queue = await queues.open(queueName);
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: limits.batchSize,
      visibilityTimeout: HOLD_SECONDS,
    });
    for (const message of receivedMessageItems) {
      const work = processMessage(fn, message, { ...options, queue, queueName });
      working.add(work);
      void work.finally(() => working.delete(work));
    }
    return receivedMessageItems.length;
  };

  const belowThreshold = async (): Promise<void> => {
    while (working.size > limits.newBatchThreshold) await Promise.race(working);
  };

  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    pause = new AbortController();
    await clock.sleep(ms, AbortSignal.any([signal, pause.signal])).catch(() => undefined);
  };

  return {
    functionName,
    queueName,
    async run(signal) {
      const longestMs = Math.min(limits.maxPollingIntervalMs, LONGEST_LOCAL_PAUSE_MS);
      let pauseMs = FIRST_PAUSE_MS;
      while (!signal.aborted) {
        const fetched = await fetchBatch().catch((error: unknown) => {
          log({
            level: 'error',
            functionName,
            message: `queue ${queueName} does not answer: ${String(error)}`,
          });
          return 0;
        });
        pauseMs = fetched > 0 ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, longestMs);
        if (fetched > 0) await belowThreshold();
        else await sleep(pauseMs, signal);
      }
      await Promise.all(working);
    },
    async drain() {
      let drained = 0;
      for (;;) {
        const fetched = await fetchBatch();
        drained += fetched;
        if (fetched === 0 && working.size === 0) return drained;
        // Of a queue that gave all it had, more is to come only from what it gave.
        await (fetched < limits.batchSize ? Promise.all(working) : belowThreshold());
      }
    },
    async waiting() {
      const queue = await queues.open(queueName);
      const { approximateMessagesCount = 0 } = await queue.getProperties();
      return approximateMessagesCount;
    },
    wake: () => pause.abort(),
  };
};

interface MessageContext extends QueueTriggerOptions {
  readonly queue: QueueClient;
  readonly queueName: string;
}

/** Never rejects: what cannot be settled comes back when its hold ends. */
const processMessage = async (
  fn: RegisteredFunction,
  message: DequeuedMessageItem,
  context: MessageContext,
): Promise<void> => {
  const { invoker, limits, queue, log, clock } = context;
  const functionName = fn.metadata.name;
  const { messageId, dequeueCount } = message;
  const release = holdMessage(queue, message, { clock, holdSeconds: HOLD_SECONDS });
  try {
    const text = decodeMessage(message.messageText);
    if (text === undefined || dequeueCount > limits.maxDequeueCount) {
      const why = text === undefined ? 'is not base64' : `was dequeued ${dequeueCount} times`;
      return await poison(message, await release(), context, `${functionName}: message ${messageId} ${why}`);
    }
    const { outcome } = await invoker.invoke(fn, {
      inputData: [{ name: triggerOf(fn).name, data: { string: text } }],
      triggerMetadata: metadataOf(message, text),
    });
    const popReceipt = await release();
    if (outcome.ok) return void (await queue.deleteMessage(messageId, popReceipt));
    if (dequeueCount >= limits.maxDequeueCount)
      return await poison(message, popReceipt, context, `${functionName}: attempt ${dequeueCount} failed`);
    await queue.updateMessage(messageId, popReceipt, undefined, limits.visibilityTimeoutMs / 1000);
  } catch (error) {
    log({ level: 'error', functionName, message: `message ${messageId} is not settled: ${String(error)}` });
  } finally {
    await release();
  }
};

const poison = async (
  { messageId, messageText }: DequeuedMessageItem,
  popReceipt: string,
  { queue, queues, queueName, log }: MessageContext,
  why: string,
): Promise<void> => {
  const target = await queues.open(`${queueName}${POISON_SUFFIX}`);
  await target.sendMessage(messageText);
  await queue.deleteMessage(messageId, popReceipt);
  log({ level: 'warning', message: `${why}; it is in ${queueName}${POISON_SUFFIX} now` });
};

const metadataOf = (message: DequeuedMessageItem, text: string) => ({
  QueueTrigger: { string: text },
  Id: { string: message.messageId },
  PopReceipt: { string: message.popReceipt },
  DequeueCount: { int: message.dequeueCount },
  InsertionTime: { json: JSON.stringify(message.insertedOn) },
  ExpirationTime: { json: JSON.stringify(message.expiresOn) },
  NextVisibleTime: { json: JSON.stringify(message.nextVisibleOn) },
});

import type { HostQueues } from './hostQueues.ts';
import type { OutputWriter } from './invoker.ts';
import { encodeMessage, messagesOf } from './queueMessage.ts';

/** Sends what functions put out to queues; `sent` is called with the queue's name, so that it is polled at once. */
export const createOutputWriter =
  (queues: HostQueues, sent: (queueName: string) => void): OutputWriter =>
  async (binding, data) => {
    const queueName = String(binding['queueName']);
    const queue = await queues.open(queueName);
    for (const message of messagesOf(data)) await queue.sendMessage(encodeMessage(message));
    sent(queueName);
  };

import type { QueueServiceClient } from '@azure/storage-queue';
import type { PoisonCount, PoisonQueues } from '../ports/poisonQueues.ts';
import { errorCodeOf } from './blobCalls.ts';

const CALL_TIMEOUT_MS = 10_000;

/** Counts the messages of named queues in Azure Queue Storage. */
export const storagePoisonQueues = (
  service: Pick<QueueServiceClient, 'getQueueClient'>,
  queues: readonly string[],
): PoisonQueues => ({
  async counts() {
    const counted = await Promise.all(queues.map((queue) => countOf(service, queue)));
    return counted.filter((count) => count !== undefined);
  },
});

const countOf = async (
  service: Pick<QueueServiceClient, 'getQueueClient'>,
  queue: string,
): Promise<PoisonCount | undefined> => {
  try {
    const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const { approximateMessagesCount } = await service.getQueueClient(queue).getProperties({ abortSignal });
    return { queue, messages: approximateMessagesCount ?? 0 };
  } catch (error) {
    // The host makes a poison queue when the first message goes there.
    return errorCodeOf(error) === 'QueueNotFound' ? { queue, messages: 0 } : undefined;
  }
};

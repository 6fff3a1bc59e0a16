import type { QueueServiceClient } from '@azure/storage-queue';
import { errorCodeOf } from '../../azure/blobCalls.ts';
import { storageActions } from '../../azure/storeActions.ts';
import { storeFailureOf } from '../../azure/storeFailures.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { PoisonCount, PoisonQueues } from '../ports.ts';

const CALL_TIMEOUT_MS = 10_000;

const actions = storageActions({
  what: 'the poison queues',
  setting: 'KEYWATCH_QUEUE_SERVICE_URL',
  role: 'Storage Queue Data Contributor',
  meanwhile: 'nobody learns of work that is given up on',
});

export interface StoragePoisonQueuesOptions {
  readonly service: Pick<QueueServiceClient, 'getQueueClient'>;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  /** Names of the queues. */
  readonly queues: readonly string[];
}

/** Counts the messages of named queues in Azure Queue Storage. */
export const storagePoisonQueues = (options: StoragePoisonQueuesOptions): PoisonQueues => ({
  counts: () => Promise.all(options.queues.map((queue) => countOf(options, queue))),
});

const countOf = async (
  { service, clock }: StoragePoisonQueuesOptions,
  queue: string,
): Promise<PoisonCount | StoreFailure> => {
  try {
    const abortSignal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const { approximateMessagesCount } = await service.getQueueClient(queue).getProperties({ abortSignal });
    return { ok: true, queue, messages: approximateMessagesCount ?? 0 };
  } catch (error) {
    // The host makes a poison queue when the first message goes there.
    if (errorCodeOf(error) === 'QueueNotFound') return { ok: true, queue, messages: 0 };
    const what = `count the messages of ${queue}`;
    return storeFailureOf(error, {
      ...{ store: 'poison_queue', what, writes: false, actions },
      nowEpochMs: clock.nowEpochMs(),
    });
  }
};

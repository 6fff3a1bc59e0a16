import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import {
  type StoragePoisonQueuesOptions,
  storagePoisonQueues,
} from '../../../../src/lib/scan/storage/storagePoisonQueues.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { NOW_EPOCH_MS } from '../../../fakes/metadata.ts';

type Service = StoragePoisonQueuesOptions['service'];

/** Queues by name: a count, or the error that asking for it ends with. */
const service = (queues: Readonly<Record<string, number | undefined | Error>>): Service => ({
  getQueueClient: (name) =>
    ({
      async getProperties() {
        const found = queues[name];
        if (found instanceof Error) throw found;
        return { approximateMessagesCount: found };
      },
    }) as ReturnType<Service['getQueueClient']>,
});
const refusal = (code: string, statusCode: number) => new RestError(code, { code, statusCode });

const counting = (given: Parameters<typeof service>[0]) =>
  storagePoisonQueues({
    service: service(given),
    clock: manualClock(NOW_EPOCH_MS),
    queues: Object.keys(given),
  }).counts();

describe('the poison queues of a storage account', () => {
  it('that cannot be asked are said to be, rather than called empty', async () => {
    const counts = await counting({
      a: refusal('AuthorizationFailure', 403),
      b: new Error('socket hang up'),
      c: refusal('AccountNotFound', 404),
      d: 1,
      e: refusal('QueueNotFound', 404),
      f: undefined,
    });
    expect(counts).toMatchObject([
      { ok: false, code: 'poison_queue_forbidden', retryable: false },
      { ok: false, code: 'poison_queue_unavailable', retryable: true },
      { ok: false, code: 'poison_queue_not_found' },
      { ok: true, queue: 'd', messages: 1 },
      { ok: true, queue: 'e', messages: 0 },
      { ok: true, queue: 'f', messages: 0 },
    ]);
  });
});

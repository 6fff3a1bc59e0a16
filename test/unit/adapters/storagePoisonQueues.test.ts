import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { storagePoisonQueues } from '../../../src/lib/adapters/storagePoisonQueues.ts';

type Service = Parameters<typeof storagePoisonQueues>[0];

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

describe('the poison queues of a storage account', () => {
  it('are counted, each by its name', async () => {
    const counts = storagePoisonQueues(service({ a: 3, b: undefined }), ['a', 'b']).counts();
    expect(await counts).toEqual([
      { queue: 'a', messages: 3 },
      { queue: 'b', messages: 0 },
    ]);
  });

  it('hold nothing as long as the host never needed them', async () => {
    const queues = storagePoisonQueues(service({ a: refusal('QueueNotFound', 404) }), ['a']);
    expect(await queues.counts()).toEqual([{ queue: 'a', messages: 0 }]);
  });

  it('are left out when they cannot be asked, rather than called empty', async () => {
    const failing = {
      a: refusal('AuthorizationFailure', 403),
      b: new Error('socket hang up'),
      c: refusal('AccountNotFound', 404),
      d: 1,
    };
    const queues = storagePoisonQueues(service(failing), Object.keys(failing));
    expect(await queues.counts()).toEqual([{ queue: 'd', messages: 1 }]);
  });
});

import { inspect } from 'node:util';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queueDispatch, queueWatchdog } from '../../src/lib/app/queueDispatch.ts';
import { SINGLE_TRY } from '../../src/lib/azure/blobCalls.ts';
import type { StoreFailure } from '../../src/lib/kernel/storeFailure.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { blobFallbackStore } from '../../src/lib/refresh/stores/blobFallbackStore.ts';
import { storagePoisonQueues } from '../../src/lib/scan/storage/storagePoisonQueues.ts';
import { blobControlStore } from '../../src/lib/stores/blob/blobControlStore.ts';
import type { ControlLease, ControlStore } from '../../src/lib/stores/ports.ts';
import { envelopeSeq } from '../../src/lib/stores/rules/sealedEnvelope.ts';
import type { Azurite } from '../../src/local/azurite.ts';
import { fakeEnvelope } from '../fakes/refresh/fakeTokenSeal.ts';
import { startForwarder } from './refresh/forwarder.ts';
import { sharedAzurite } from './sharedAzurite.ts';

let azurite: Azurite;
let tests = 0;
beforeAll(async () => {
  azurite = await sharedAzurite();
});
beforeEach(() => void tests++);

/** Throws what the store said when it failed. */
const kept = <T extends { ok: true }>(result: T | StoreFailure): T => {
  if (!result.ok) throw new Error(result.message);
  return result;
};

const container = (connectionString = azurite.connectionString) =>
  BlobServiceClient.fromConnectionString(connectionString, SINGLE_TRY).getContainerClient(`test-${tests}`);
const controlStore = (connectionString?: string): ControlStore =>
  blobControlStore({ of: 'grant', container: container(connectionString), clock: systemClock });
const leased = async (store: ControlStore): Promise<ControlLease> =>
  kept(await store.acquire('crm', 15)).lease;

describe('the control store on Blob Storage', () => {
  it('makes container and blob with the first lease, and starts empty', async () => {
    const store = controlStore();
    expect(await store.read('crm')).toMatchObject({
      ok: true,
      snapshot: { body: undefined, etag: undefined },
    });
    const { lease, storeNowEpochMs } = kept(await store.acquire('crm', 60));
    expect(Math.abs(storeNowEpochMs - systemClock.nowEpochMs())).toBeLessThan(5_000);
    const snapshot = { body: undefined, etag: expect.any(String) };
    expect(await store.read('crm')).toMatchObject({ ok: true, snapshot });
    expect(lease.recordId).toBe('crm');
  });

  it('tells the time of its platform where that was moved, as in local mode', async () => {
    const dayMs = 86_400_000;
    const moved = { container: container(), clock: systemClock, aheadMs: () => 60 * dayMs };
    const store = blobControlStore({ of: 'grant', ...moved });
    const { storeNowEpochMs } = kept(await store.acquire('crm', 15));
    const { snapshot } = kept(await store.read('crm'));
    for (const epochMs of [storeNowEpochMs, snapshot.storeNowEpochMs])
      expect(Math.abs(epochMs - systemClock.nowEpochMs() - 60 * dayMs)).toBeLessThan(5_000);
  });

  it('gives the lease to one of many at once', async () => {
    const store = controlStore();
    const results = await Promise.all(Array.from({ length: 8 }, () => store.acquire('crm', 15)));
    const codes = results.map((result) => (result.ok ? 'ok' : result.reason)).sort();
    expect(codes).toEqual([...Array.from({ length: 7 }, () => 'held'), 'ok']);
  });

  it('waits for a worker, and says so where somebody else has a lease that never ends', async () => {
    const store = controlStore();
    const lease = await leased(store);
    expect(await store.acquire('crm', 15)).toMatchObject({ reason: 'held' });
    kept(await store.release(lease));
    await container().getBlobClient('grants/crm.json').getBlobLeaseClient().acquireLease(-1);
    expect(await store.acquire('crm', 15)).toMatchObject({
      ...{ reason: 'locked', retryable: false, mayHaveLanded: false },
      message: 'Could not take the lease of grant crm: somebody has a lease of its blob that does not end.',
      action: expect.stringContaining('az storage blob lease break --account-name'),
    });
  });

  it('writes only with the lease and the current ETag', async () => {
    const store = controlStore();
    const lease = await leased(store);
    const first = kept(await store.read('crm')).snapshot.etag;
    const written = kept(await store.write(lease, '{"state":"intent"}', first));
    expect(await store.write(lease, '{}', first)).toMatchObject({ reason: 'conflict', mayHaveLanded: false });
    expect(await store.write(lease, '{}', undefined)).toMatchObject({ reason: 'conflict' });
    const other = { ...lease, leaseId: '00000000-0000-0000-0000-000000000000' };
    expect(await store.write(other, '{}', written.etag)).toMatchObject({
      reason: 'lost',
      mayHaveLanded: false,
    });
    expect(kept(await store.read('crm')).snapshot).toMatchObject({
      body: '{"state":"intent"}',
      etag: written.etag,
    });
  });

  it('frees a lease that is given back, and only by its holder', async () => {
    const store = controlStore();
    const lease = await leased(store);
    expect(await store.release({ ...lease, leaseId: '00000000-0000-0000-0000-000000000000' })).toMatchObject({
      reason: 'lost',
    });
    expect(await store.renew(lease)).toMatchObject({ ok: true });
    expect(await store.release(lease)).toEqual({ ok: true });
    expect(await store.acquire('crm', 15)).toMatchObject({ ok: true });
    expect(await store.renew(lease)).toMatchObject({ reason: 'lost' });
    const { etag } = kept(await store.read('crm')).snapshot;
    expect(await store.write(lease, '{}', etag)).toMatchObject({ reason: 'lost' });
  });

  it('reads, and gives a lease back, where the connection was gone without a word', async () => {
    const between = await startForwarder(azurite);
    const store = controlStore(between.connectionString);
    const lease = await leased(store);
    for (const call of [() => store.read('crm'), () => store.release(lease)]) {
      between.cutNextBlobCall();
      expect(await call()).toMatchObject({ ok: true });
    }
    expect(await store.acquire('crm', 15)).toMatchObject({ ok: true });
    await between.close();
  });

  it('keeps copies of what it cannot read, and leaves the original', async () => {
    const store = controlStore();
    const lease = await leased(store);
    const { etag } = kept(await store.read('crm')).snapshot;
    kept(await store.write(lease, 'not json', etag));
    const names = [
      kept(await store.archiveUnreadable(lease, 'not json')).name,
      kept(await store.archiveUnreadable(lease, 'not json')).name,
    ];
    expect(new Set(names).size).toBe(2);
    const copy = await container()
      .getBlobClient(names[0] ?? '')
      .downloadToBuffer();
    expect(copy.toString()).toBe('not json');
    expect(kept(await store.read('crm')).snapshot.body).toBe('not json');
  });

  it('tells an outage as one, once, and holds nothing of the content', async () => {
    const stopped = await startForwarder(azurite);
    const store = controlStore(stopped.connectionString);
    const lease = await leased(store);
    const { etag } = kept(await store.read('crm')).snapshot;
    await stopped.close();
    const failure = await store.write(lease, 'canary-sealed', etag);
    expect(failure).toMatchObject({ ok: false, reason: 'unavailable', retryable: true });
    expect(inspect(failure, { depth: 12, showHidden: true })).not.toContain('canary');
    expect(await store.read('crm')).toMatchObject({ reason: 'unavailable', mayHaveLanded: false });
    expect(await store.acquire('crm', 15)).toMatchObject({ reason: 'unavailable' });
  });
});

describe('the fallback store on Blob Storage', () => {
  const envelope = (seq: number) => fakeEnvelope('crm', seq, 'x');

  it('lists what it was given until it is removed, for each grant its own', async () => {
    const sink = blobFallbackStore({ container: container(), clock: systemClock });
    expect(await sink.list('crm', 0)).toEqual({ ok: true, fallback: [] });
    kept(await sink.put('crm', envelope(1)));
    kept(await sink.put('crm', envelope(2)));
    kept(await sink.put('crm-2', envelope(3)));
    const { fallback } = kept(await sink.list('crm', 0));
    expect(fallback.map((kept) => kept.envelope)).toEqual([envelope(2), envelope(1)]);
    for (const { id } of fallback) kept(await sink.remove('crm', id));
    expect(await sink.list('crm', 0)).toEqual({ ok: true, fallback: [] });
    expect(kept(await sink.list('crm-2', 0)).fallback).toHaveLength(1);
  });

  it('reads a page a call, the highest sequence numbers first, and nothing that is too low', async () => {
    const sink = blobFallbackStore({ container: container(), clock: systemClock });
    for (let seq = 1; seq <= 45; seq++) kept(await sink.put('crm', envelope(seq)));
    const pages: number[][] = [];
    let from: string | undefined;
    do {
      const page = kept(await sink.list('crm', 8, from));
      pages.push(page.fallback.map((kept) => envelopeSeq(kept.envelope)));
      from = page.next;
    } while (from !== undefined);
    const down = (first: number, length: number) => Array.from({ length }, (_, index) => first - index);
    expect(pages).toEqual([down(45, 20), down(25, 17)]);
    expect(await sink.list('crm', 45)).toEqual({ ok: true, fallback: [] });
  });

  it('looks at what somebody else named, and never reads what is too large for a token', async () => {
    const sink = blobFallbackStore({ container: container(), clock: systemClock });
    kept(await sink.put('crm', envelope(7)));
    for (const [name, text] of [
      ['another-name', envelope(9)],
      ['s0000000000000001-x', 'x'.repeat(3 * 1024 * 1024)],
      ['empty', ''],
    ] as const) {
      await container().getBlockBlobClient(`fallback/crm/${name}`).upload(text, text.length);
    }
    const { fallback, next } = kept(await sink.list('crm', 6));
    expect(fallback.map((kept) => kept.envelope)).toEqual([envelope(9), '', envelope(7)]);
    expect(next).toBeUndefined();
  });
});

describe('the refresh queue', () => {
  const queue = () =>
    QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(`queue-${tests}`);
  const message = { grantId: 'crm', trigger: 'due', reason: 'half of 90 days passed' } as const;

  it('carries a message in base64 JSON, now or hidden until its time', async () => {
    const options = { queue: queue(), clock: systemClock };
    kept(await queueDispatch(options).send(message, 0));
    kept(await queueWatchdog(options).arm('erp', 1));
    kept(await queueWatchdog(options).arm('hr', 600));
    const received: [message: unknown, afterMs: number][] = [];
    const receive = async () => {
      const { receivedMessageItems, date } = await options.queue.receiveMessages({ numberOfMessages: 9 });
      for (const { messageText: text, insertedOn } of receivedMessageItems)
        received.push([JSON.parse(atob(text)), Number(date) - Number(insertedOn)]);
      return received;
    };
    expect((await receive())[0]?.[0]).toEqual(message);
    await expect.poll(receive, { interval: 100 }).toHaveLength(2);
    expect(received[1]?.[0]).toMatchObject({ grantId: 'erp', trigger: 'watchdog' });
    expect(received[1]?.[1]).toBeGreaterThanOrEqual(1_000);
  });

  it('drops a message that nobody took in time, never before it could be seen', async () => {
    const options = { queue: queue(), clock: systemClock };
    kept(await queueDispatch(options).send(message, 0, 90));
    kept(await queueDispatch(options).send({ ...message, grantId: 'late' }, 600, 1));
    const [taken] = (await options.queue.receiveMessages({ numberOfMessages: 9 })).receivedMessageItems;
    expect((taken?.expiresOn.getTime() ?? 0) - (taken?.insertedOn.getTime() ?? 0)).toBe(90_000);
    expect((await options.queue.getProperties()).approximateMessagesCount).toBe(2);
  });

  it('is counted once work was given up on; a queue that was never needed holds nothing', async () => {
    const service = QueueServiceClient.fromConnectionString(azurite.connectionString);
    const name = `given-up-${tests}`;
    const queues = [name, `never-${tests}`];
    const poison = storagePoisonQueues({ service, clock: systemClock, queues });
    await service.getQueueClient(name).create();
    for (const text of ['one', 'two']) await service.getQueueClient(name).sendMessage(text);
    expect(await poison.counts()).toEqual([
      { ok: true, queue: name, messages: 2 },
      { ok: true, queue: `never-${tests}`, messages: 0 },
    ]);
  });
});

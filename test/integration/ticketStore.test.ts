import { inspect } from 'node:util';
import { BlobServiceClient } from '@azure/storage-blob';
import { beforeAll, describe, expect, it } from 'vitest';
import { SINGLE_TRY } from '../../src/lib/azure/blobCalls.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { blobTicketStore } from '../../src/lib/stores/blob/blobTicketStore.ts';
import { ticketIdOf } from '../../src/lib/stores/ticketId.ts';
import type { Azurite } from '../../src/local/azurite.ts';
import { fakeTicketStore } from '../fakes/fakeTicketStore.ts';
import { startForwarder } from './refresh/forwarder.ts';
import { sharedAzurite } from './sharedAzurite.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await sharedAzurite();
});

let containers = 0;
const overBlobs = (connectionString = azurite.connectionString) => {
  containers += 1;
  const container = BlobServiceClient.fromConnectionString(connectionString, SINGLE_TRY).getContainerClient(
    `tickets-${containers}`,
  );
  return blobTicketStore({ container, clock: systemClock });
};
const ID = ticketIdOf('canary-handle');
const CONFLICT = { ok: false, reason: 'conflict', mayHaveLanded: false };

describe.each([
  ['on Blob Storage', () => overBlobs()],
  ['in memory, as tests have it', fakeTicketStore],
])('the ticket store %s', (_, open) => {
  it('starts without a ticket, also without a container', async () => {
    const store = open();
    expect(await store.read(ID)).toEqual({ ok: true, ticket: undefined });
    expect(await store.take(ID)).toEqual({ ok: true, body: undefined });
    expect(await store.remove(ID)).toEqual({ ok: true });
    expect(await store.replace(ID, 'late', '"1"')).toMatchObject({ ok: false });
    expect(await store.read(ID)).toEqual({ ok: true, ticket: undefined });
  });

  it('keeps what it was given, once', async () => {
    const store = open();
    expect(await store.put(ID, 'first')).toEqual({ ok: true });
    expect(await store.put(ID, 'second')).toMatchObject(CONFLICT);
    expect(await store.read(ID)).toMatchObject({ ok: true, ticket: { body: 'first' } });
    expect(await store.remove(ID)).toEqual({ ok: true });
    expect(await store.read(ID)).toEqual({ ok: true, ticket: undefined });
  });

  it('gives a ticket to one of many who take it at once', async () => {
    const store = open();
    await store.put(ID, 'for one');
    const taken = await Promise.all(Array.from({ length: 8 }, () => store.take(ID)));
    expect(taken.every(({ ok }) => ok)).toBe(true);
    expect(taken.filter((answer) => 'body' in answer && answer.body === 'for one')).toHaveLength(1);
    expect(await store.take(ID)).toEqual({ ok: true, body: undefined });
  });

  it('replaces only what was read', async () => {
    const store = open();
    await store.put(ID, 'first');
    const answer = await store.read(ID);
    const etag = (answer.ok && answer.ticket?.etag) || '';
    expect(await store.replace(ID, 'second', etag)).toEqual({ ok: true });
    expect(await store.replace(ID, 'third', etag)).toMatchObject(CONFLICT);
    expect(await store.take(ID)).toEqual({ ok: true, body: 'second' });
    expect(await store.replace(ID, 'fourth', etag)).toMatchObject({ ok: false });
    expect(await store.read(ID)).toEqual({ ok: true, ticket: undefined });
  });
});

it('reports an outage as one, and names neither ticket nor content', async () => {
  const stopped = await startForwarder(azurite);
  const store = overBlobs(stopped.connectionString);
  await store.put(ID, 'canary-body');
  await stopped.close();
  for (const answer of [await store.take(ID), await store.read(ID), await store.put(ID, 'canary-body')]) {
    expect(answer).toMatchObject({ ok: false, code: 'tickets_unavailable', retryable: true });
    const shown = inspect(answer, { depth: 12, showHidden: true });
    expect(shown).not.toContain('canary');
    expect(shown).not.toContain(ID);
  }
});

it('reads the beginning of what somebody else made too large for the memory of a process', async () => {
  const store = overBlobs();
  await store.put(ID, 'x'.repeat(20 * 2 ** 20));
  const answer = await store.read(ID);
  expect(answer).toMatchObject({ ok: true, ticket: { etag: expect.any(String) } });
  expect(answer.ok && answer.ticket?.body.length).toBeLessThan(10 * 2 ** 20);
});

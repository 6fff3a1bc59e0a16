import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queueScanDispatch } from '../../src/lib/app/queueDispatch.ts';
import { SINGLE_TRY } from '../../src/lib/azure/blobCalls.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { readScanRequest } from '../../src/lib/scan/rules/scanRequest.ts';
import { blobRoundLedger } from '../../src/lib/scan/storage/blobRoundLedger.ts';
import { type Azurite, startAzurite } from '../../src/local/azurite.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const ledgerIn = (container: string, connectionString = azurite.connectionString) =>
  blobRoundLedger({
    container: BlobServiceClient.fromConnectionString(connectionString, SINGLE_TRY).getContainerClient(
      container,
    ),
    clock: systemClock,
  });

it('the ledger of rounds begins empty, and every instance reads what one wrote', async () => {
  expect(await ledgerIn('ledger').read()).toEqual({ ok: true, doneEpochMs: new Map() });
  const subjects = ['https://kv-a.vault.azure.net', 'observed-grants', 'Größe/100 %?#'];
  for (const [index, subject] of subjects.entries()) {
    expect(await ledgerIn('ledger').record(subject, 1_000 * (index + 1))).toEqual({ ok: true });
  }
  expect(await ledgerIn('ledger').record('observed-grants', 9_000)).toEqual({ ok: true });
  expect(await ledgerIn('ledger').read()).toEqual({
    ok: true,
    doneEpochMs: new Map([
      ['Größe/100 %?#', 3_000],
      ['https://kv-a.vault.azure.net', 1_000],
      ['observed-grants', 9_000],
    ]),
  });
});

it('the ledger of rounds passes over a blob that somebody else put there', async () => {
  await ledgerIn('shared').record('kv-a', 5_000);
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'shared',
  );
  await container.getBlockBlobClient('rounds/no-time').upload('', 0);
  await container
    .getBlockBlobClient('rounds/%E0%A4%A')
    .upload('', 0, { metadata: { at: '2026-11-22T12:00:00Z' } });
  await container.getBlockBlobClient('grants/crm.json').upload('{}', 2);
  expect(await ledgerIn('shared').read()).toEqual({ ok: true, doneEpochMs: new Map([['kv-a', 5_000]]) });
});

it('the ledger of rounds says so when the store does not answer', async () => {
  const stopped = await startAzurite();
  const ledger = ledgerIn('down', stopped.connectionString);
  await stopped.stop();
  const failure = { ok: false, store: 'ledger', code: 'unavailable', permanence: 'transient' };
  expect(await ledger.read()).toMatchObject(failure);
  expect(await ledger.record('kv-a', 1)).toMatchObject(failure);
});

it('the request for a scan arrives as the function reads it, in a queue that is made for it', async () => {
  const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(
    'scan-requests',
  );
  const request = { vaultUrl: 'https://kv-a.vault.azure.net', scanId: 'one', mode: 'inventory' } as const;
  expect(await queueScanDispatch({ queue, clock: systemClock }).send(request)).toEqual({ ok: true });
  const [message] = (await queue.receiveMessages()).receivedMessageItems;
  const text = Buffer.from(message?.messageText ?? '', 'base64').toString();
  expect(readScanRequest(JSON.parse(text))).toEqual(request);
});

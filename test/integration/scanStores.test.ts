import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { beforeAll, expect, it } from 'vitest';
import { queueScanDispatch } from '../../src/lib/app/queueDispatch.ts';
import { SINGLE_TRY } from '../../src/lib/azure/blobCalls.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { readScanRequest } from '../../src/lib/scan/rules/scanRequest.ts';
import { blobJobRunStore } from '../../src/lib/scan/storage/blobJobRunStore.ts';
import type { Azurite } from '../../src/local/azurite.ts';
import { startForwarder } from './refresh/forwarder.ts';
import { sharedAzurite } from './sharedAzurite.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await sharedAzurite();
});

const jobRunsIn = (container: string, connectionString = azurite.connectionString) =>
  blobJobRunStore({
    container: BlobServiceClient.fromConnectionString(connectionString, SINGLE_TRY).getContainerClient(
      container,
    ),
    clock: systemClock,
  });

it('the store of job runs begins empty, and every instance reads what one wrote', async () => {
  expect(await jobRunsIn('job-runs').read()).toEqual({ ok: true, doneEpochMs: new Map() });
  const subjects = ['https://kv-a.vault.azure.net', 'observed-grants', 'Größe/100 %?#'];
  for (const [index, subject] of subjects.entries()) {
    expect(await jobRunsIn('job-runs').record(subject, 1_000 * (index + 1))).toEqual({ ok: true });
  }
  expect(await jobRunsIn('job-runs').record('observed-grants', 9_000)).toEqual({ ok: true });
  expect(await jobRunsIn('job-runs').read()).toEqual({
    ok: true,
    doneEpochMs: new Map([
      ['Größe/100 %?#', 3_000],
      ['https://kv-a.vault.azure.net', 1_000],
      ['observed-grants', 9_000],
    ]),
  });
});

it('the store of job runs passes over a blob that somebody else put there', async () => {
  await jobRunsIn('shared').record('kv-a', 5_000);
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'shared',
  );
  await container.getBlockBlobClient('runs/no-time').upload('', 0);
  await container
    .getBlockBlobClient('runs/%E0%A4%A')
    .upload('', 0, { metadata: { at: '2026-11-22T12:00:00Z' } });
  await container.getBlockBlobClient('grants/crm.json').upload('{}', 2);
  expect(await jobRunsIn('shared').read()).toEqual({ ok: true, doneEpochMs: new Map([['kv-a', 5_000]]) });
});

it('the store of job runs says so when the store does not answer', async () => {
  const stopped = await startForwarder(azurite);
  const jobRuns = jobRunsIn('down', stopped.connectionString);
  await stopped.close();
  const failure = { ok: false, code: 'job_runs_unavailable', retryable: true };
  expect(await jobRuns.read()).toMatchObject(failure);
  expect(await jobRuns.record('kv-a', 1)).toMatchObject(failure);
});

it('the request for a scan arrives as the function reads it, in a queue that is made for it', async () => {
  const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(
    'scan-requests',
  );
  const request = {
    source: 'keyvault',
    target: 'https://kv-a.vault.azure.net',
    runId: 'one',
    mode: 'full',
  } as const;
  expect(await queueScanDispatch({ queue, clock: systemClock }).send(request)).toEqual({ ok: true });
  const [message] = (await queue.receiveMessages()).receivedMessageItems;
  const text = Buffer.from(message?.messageText ?? '', 'base64').toString();
  expect(readScanRequest(JSON.parse(text))).toEqual(request);
});

import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectWith } from '../../src/lib/app/app.ts';
import { queueScanDispatch } from '../../src/lib/app/queueDispatch.ts';
import { scanner } from '../../src/lib/app/scanner.ts';
import { SINGLE_TRY } from '../../src/lib/azure/blobCalls.ts';
import { SCAN_QUEUE } from '../../src/lib/azure/queues.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { blobJobRunStore } from '../../src/lib/scan/storage/blobJobRunStore.ts';
import { type Azurite, startAzurite } from '../../src/local/azurite.ts';
import { createLocalClock } from '../../src/local/clock.ts';
import { composeWith } from '../fakes/composedScanner.ts';
import { fakeConnections } from '../fakes/fakeConnections.ts';
import { fakeInventory } from '../fakes/fakeInventory.ts';
import { VAULT_URL } from '../fakes/metadata.ts';
import { recordingTelemetry } from '../fakes/recordingTelemetry.ts';
import { startWholeHost } from '../fakes/startFunctionsHost.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

it('a fresh deployment scans with its first instance, before any timer; the next instance does not', async () => {
  const telemetry = recordingTelemetry();
  const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(SCAN_QUEUE);
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString, SINGLE_TRY);
  const jobRuns = blobJobRunStore({ container: blobs.getContainerClient('control'), clock: systemClock });
  const never = '0 0 0 1 1 *';
  const timers = ['KEYWATCH_SCAN_SCHEDULE', 'KEYWATCH_REFRESH_SCHEDULE', 'KEYWATCH_PROOF_SCHEDULE'];
  composeWith({ [VAULT_URL]: {} }, Object.fromEntries(timers.map((name) => [name, never])));
  const startInstance = () => {
    connectWith(async () =>
      fakeConnections({
        telemetry,
        inventory: fakeInventory({ [VAULT_URL]: {} }),
        jobRuns,
        scanDispatch: queueScanDispatch({ queue, clock: systemClock }),
      }),
    );
  };
  startInstance();
  const { host } = await startWholeHost({
    settings: { AzureWebJobsStorage: azurite.connectionString, ...process.env },
    clock: createLocalClock(),
  });
  const answer = await fetch(`${await host.listen(0)}/api/health`);
  expect(answer.status).toBe(200);
  const waiting = async () => (await queue.getProperties()).approximateMessagesCount;
  expect(await waiting()).toBe(1);
  expect(telemetry.eventsNamed('keywatch.run.requested')).toMatchObject([{ mode: 'full' }]);

  startInstance();
  await (await scanner()).startFirstRun(8_000);
  expect(await waiting()).toBe(1);

  host.startTriggers();
  await expect
    .poll(() => telemetry.eventsNamed('keywatch.run.completed'))
    .toMatchObject([{ vault: 'kv-front-desk', mode: 'full', outcome: 'complete' }]);
  await expect.poll(async () => (await jobRuns.read()).ok && (await waiting())).toBe(0);
  expect(await jobRuns.read()).toMatchObject({
    doneEpochMs: new Map([
      ['first-scan-begun', expect.any(Number)],
      ['first-scan', expect.any(Number)],
      [VAULT_URL, expect.any(Number)],
    ]),
  });
});

import { POISON_QUEUES, SCAN_QUEUE } from '../azure/queues.ts';
import type { Config } from '../config/config.ts';
import type { JobRunStore, PoisonQueues, ScanDispatch } from '../scan/ports.ts';
import type { ScannerPorts } from '../scan/scanner.ts';
import { CONTROL_CONTAINER } from './containers.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';
import { recordContainer } from './recordStores.ts';

/** What the scan keeps in Blob and Queue Storage, as far as these are named. */
export const connectStorage = (
  { queueServiceUrl, blobServiceUrl }: Config,
  platform: Platform,
): Pick<ScannerPorts, 'poisonQueues' | 'scanDispatch' | 'jobRuns'> => ({
  poisonQueues: queueServiceUrl === undefined ? undefined : poisonQueuesOf(queueServiceUrl, platform),
  scanDispatch: queueServiceUrl === undefined ? undefined : scanDispatchOf(queueServiceUrl, platform),
  jobRuns: blobServiceUrl === undefined ? undefined : jobRunsOf(blobServiceUrl, platform),
});

const poisonQueuesOf = (serviceUrl: string, { clock, storage }: Platform) =>
  openedOnUse<PoisonQueues>({ counts: true }, async () => {
    const [{ storagePoisonQueues }, { QueueServiceClient }] = await Promise.all([
      import('../scan/storage/storagePoisonQueues.ts'),
      import('@azure/storage-queue'),
    ]);
    const service = new QueueServiceClient(serviceUrl, storage);
    return storagePoisonQueues({ service, clock, queues: POISON_QUEUES });
  });

const scanDispatchOf = (serviceUrl: string, { clock, storage }: Platform) =>
  openedOnUse<ScanDispatch>({ send: true }, async () => {
    const [{ queueScanDispatch }, { QueueClient }] = await Promise.all([
      import('./queueDispatch.ts'),
      import('@azure/storage-queue'),
    ]);
    return queueScanDispatch({ queue: new QueueClient(`${serviceUrl}/${SCAN_QUEUE}`, storage), clock });
  });

const jobRunsOf = (serviceUrl: string, { clock, storage }: Platform) =>
  openedOnUse<JobRunStore>({ read: true, record: true }, async () => {
    const { blobJobRunStore } = await import('../scan/storage/blobJobRunStore.ts');
    return blobJobRunStore({
      container: await recordContainer(serviceUrl, CONTROL_CONTAINER, storage),
      clock,
    });
  });

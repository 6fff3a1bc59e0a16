import { randomUUID } from 'node:crypto';
import { POISON_QUEUES, REFRESH_QUEUE, SCAN_QUEUE } from '../azure/queues.ts';
import type { Config, RefreshSettings } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RefreshDispatch } from '../refresh/ports/refreshDispatch.ts';
import type { RefreshPorts } from '../refresh/ports/refreshPorts.ts';
import type { Inventory } from '../scan/ports/inventory.ts';
import type { JobRunStore } from '../scan/ports/jobRunStore.ts';
import type { PoisonQueues } from '../scan/ports/poisonQueues.ts';
import type { ScanDispatch } from '../scan/ports/scanDispatch.ts';
import type { ValueAccessProbe } from '../scan/ports/valueAccess.ts';
import type { VaultDiscovery } from '../scan/ports/vaultDiscovery.ts';
import type { SecretRegister } from '../telemetry/secretRegister.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Platform } from './platform.ts';

/** Everything outside that Keywatch works with: the same adapters in Azure and against stand-ins. */
export interface Connections {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly secrets: SecretRegister;
  readonly inventory: Inventory;
  readonly discovery: VaultDiscovery;
  /** Absent where no queue service is named. */
  readonly poisonQueues: PoisonQueues | undefined;
  readonly scanDispatch: ScanDispatch | undefined;
  /** Absent where no blob service is named. */
  readonly jobRuns: JobRunStore | undefined;
  /** Absent where no grant is refreshed. */
  readonly refresh: (RefreshPorts & { readonly dispatch: RefreshDispatch }) | undefined;
}

/** Opens everything that the configuration asks for. The SDKs are heavy: each is loaded here, on first use. */
export const connect = async (config: Config, platform: Platform): Promise<Connections> => {
  const { clock, telemetry, redactor, scanner } = platform;
  const [{ keyVaultInventory }, { resourceGraphDiscovery }] = await Promise.all([
    import('../scan/keyVault/keyVaultInventory.ts'),
    import('../scan/discovery/resourceGraphDiscovery.ts'),
  ]);
  return {
    clock,
    telemetry,
    secrets: redactor,
    inventory: keyVaultInventory({ credential: scanner, clock, allowLoopback: config.local }),
    discovery: resourceGraphDiscovery({ credential: scanner, clock }),
    ...(await openQueues(config, platform)),
    jobRuns: await openJobRunStore(config, platform),
    refresh: config.refresh && (await openRefresh(config.refresh, config, platform)),
  };
};

/** The probe of `keywatch check`, under the same identity that scans. */
export const openValueAccess = async (config: Config, { scanner }: Platform): Promise<ValueAccessProbe> => {
  const { keyVaultValueAccess } = await import('../scan/keyVault/keyVaultValueAccess.ts');
  return keyVaultValueAccess({ credential: scanner, allowLoopback: config.local });
};

const openQueues = async (
  { queueServiceUrl }: Config,
  { clock, storage }: Platform,
): Promise<Pick<Connections, 'poisonQueues' | 'scanDispatch'>> => {
  if (queueServiceUrl === undefined) return { poisonQueues: undefined, scanDispatch: undefined };
  const [{ storagePoisonQueues }, { queueScanDispatch }, { QueueServiceClient }] = await Promise.all([
    import('../scan/storage/storagePoisonQueues.ts'),
    import('./queueDispatch.ts'),
    import('@azure/storage-queue'),
  ]);
  const service = new QueueServiceClient(queueServiceUrl, storage);
  return {
    poisonQueues: storagePoisonQueues({ service, clock, queues: POISON_QUEUES }),
    scanDispatch: queueScanDispatch({ queue: service.getQueueClient(SCAN_QUEUE), clock }),
  };
};

const openJobRunStore = async (
  { blobServiceUrl }: Config,
  { clock, storage }: Platform,
): Promise<JobRunStore | undefined> => {
  if (blobServiceUrl === undefined) return undefined;
  const [{ blobJobRunStore }, { BlobServiceClient }, { SINGLE_TRY }] = await Promise.all([
    import('../scan/storage/blobJobRunStore.ts'),
    import('@azure/storage-blob'),
    import('../azure/blobCalls.ts'),
  ]);
  const service = new BlobServiceClient(blobServiceUrl, storage, SINGLE_TRY);
  return blobJobRunStore({ container: service.getContainerClient(CONTROL_CONTAINER), clock });
};

const CONTROL_CONTAINER = 'keywatch-control';
const FALLBACK_CONTAINER = 'keywatch-fallback';

const openRefresh = async (
  settings: RefreshSettings,
  { local: allowLoopback, deployment }: Config,
  { clock, telemetry, refresher, storage, storageAheadMs }: Platform,
): Promise<NonNullable<Connections['refresh']>> => {
  const [blob, { QueueClient }, { SINGLE_TRY }] = await Promise.all([
    import('@azure/storage-blob'),
    import('@azure/storage-queue'),
    import('../azure/blobCalls.ts'),
  ]);
  const [control, fallback, queues, store, seal, authentication, endpoint] = await Promise.all([
    import('../refresh/stores/blobControlStore.ts'),
    import('../refresh/stores/blobFallbackStore.ts'),
    import('./queueDispatch.ts'),
    import('../refresh/stores/keyVaultTokenStore.ts'),
    import('../refresh/stores/keyVaultTokenSeal.ts'),
    import('../oauth/clientAuthentication/keyVaultClientAuthentication.ts'),
    import('../oauth/tokenEndpoint/tokenEndpoint.ts'),
  ]);
  const container = (serviceUrl: string, name: string) =>
    new blob.BlobServiceClient(serviceUrl, storage, SINGLE_TRY).getContainerClient(name);
  const queue = new QueueClient(`${settings.queueServiceUrl}/${REFRESH_QUEUE}`, storage, SINGLE_TRY);
  const vault = { credential: refresher, allowLoopback, clock };
  const [, keyName = ''] = /\/keys\/([^/]+)/.exec(settings.sealingKeyId) ?? [];
  return {
    clock,
    telemetry,
    control: control.blobControlStore({
      container: container(settings.blobServiceUrl, CONTROL_CONTAINER),
      clock,
      aheadMs: storageAheadMs,
    }),
    fallback: fallback.blobFallbackStore({
      container: container(settings.fallbackBlobServiceUrl, FALLBACK_CONTAINER),
      clock,
    }),
    vault: store.keyVaultTokenStore(vault),
    seal: seal.keyVaultTokenSeal({ ...vault, vaultUrl: new URL(settings.sealingKeyId).origin, keyName }),
    clientAuthentication: authentication.keyVaultClientAuthentication(vault),
    server: endpoint.tokenEndpoint({ clock, allowLoopback: allowLoopback }),
    watchdog: queues.queueWatchdog({ queue, clock }),
    dispatch: queues.queueDispatch({ queue, clock }),
    deployment,
    newId: randomUUID,
  };
};

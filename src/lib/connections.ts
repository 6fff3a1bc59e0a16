import { randomUUID } from 'node:crypto';
import type { Config, RefreshSettings } from './config.ts';
import { POISON_QUEUES, REFRESH_QUEUE } from './domain/queues.ts';
import type { Platform } from './platform.ts';
import type { Clock } from './ports/clock.ts';
import type { Inventory } from './ports/inventory.ts';
import type { PoisonQueues } from './ports/poisonQueues.ts';
import type { RefreshDispatch } from './ports/refreshDispatch.ts';
import type { SecretRegister } from './ports/secretRegister.ts';
import type { Telemetry } from './ports/telemetry.ts';
import type { ValueAccessProbe } from './ports/valueAccess.ts';
import type { VaultDiscovery } from './ports/vaultDiscovery.ts';
import type { RefreshPorts } from './usecases/refresh/refreshPorts.ts';

/** Everything outside that Keywatch works with: the same adapters in Azure and against stand-ins. */
export interface Connections {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly secrets: SecretRegister;
  readonly inventory: Inventory;
  readonly discovery: VaultDiscovery;
  /** Absent where no queue service is named. */
  readonly poisonQueues: PoisonQueues | undefined;
  /** Absent where no grant is refreshed. */
  readonly refresh: (RefreshPorts & { readonly dispatch: RefreshDispatch }) | undefined;
}

/** Opens everything that the configuration asks for. The SDKs are heavy: each is loaded here, on first use. */
export const connect = async (config: Config, platform: Platform): Promise<Connections> => {
  const { clock, telemetry, redactor, scanner } = platform;
  const [{ keyVaultInventory }, { resourceGraphDiscovery }] = await Promise.all([
    import('./adapters/keyVaultInventory.ts'),
    import('./adapters/resourceGraphDiscovery.ts'),
  ]);
  return {
    clock,
    telemetry,
    secrets: redactor,
    inventory: keyVaultInventory({ credential: scanner, clock, localMode: config.local }),
    discovery: resourceGraphDiscovery({ credential: scanner, clock }),
    poisonQueues: await openPoisonQueues(config, platform),
    refresh: config.refresh && (await openRefresh(config.refresh, config.local, platform)),
  };
};

/** The probe of `keywatch check`, under the same identity that scans. */
export const openValueAccess = async (config: Config, { scanner }: Platform): Promise<ValueAccessProbe> => {
  const { keyVaultValueAccess } = await import('./adapters/keyVaultValueAccess.ts');
  return keyVaultValueAccess({ credential: scanner, localMode: config.local });
};

const openPoisonQueues = async (
  { queueServiceUrl }: Config,
  { storage }: Platform,
): Promise<PoisonQueues | undefined> => {
  if (queueServiceUrl === undefined) return undefined;
  const [{ storagePoisonQueues }, { QueueServiceClient }] = await Promise.all([
    import('./adapters/storagePoisonQueues.ts'),
    import('@azure/storage-queue'),
  ]);
  return storagePoisonQueues(new QueueServiceClient(queueServiceUrl, storage), POISON_QUEUES);
};

const CONTROL_CONTAINER = 'keywatch-control';
const ORPHAN_CONTAINER = 'keywatch-orphans';

const openRefresh = async (
  settings: RefreshSettings,
  localMode: boolean,
  { clock, telemetry, refresher, storage }: Platform,
): Promise<NonNullable<Connections['refresh']>> => {
  const [blob, { QueueClient }, { SINGLE_TRY }] = await Promise.all([
    import('@azure/storage-blob'),
    import('@azure/storage-queue'),
    import('./adapters/blobCalls.ts'),
  ]);
  const [control, orphans, queues, store, seal, authentication, endpoint] = await Promise.all([
    import('./adapters/blobControlStore.ts'),
    import('./adapters/blobOrphanSink.ts'),
    import('./adapters/queueDispatch.ts'),
    import('./adapters/keyVaultTokenStore.ts'),
    import('./adapters/keyVaultTokenSeal.ts'),
    import('./adapters/keyVaultClientAuthentication.ts'),
    import('./adapters/tokenEndpoint.ts'),
  ]);
  const container = (serviceUrl: string, name: string) =>
    new blob.BlobServiceClient(serviceUrl, storage, SINGLE_TRY).getContainerClient(name);
  const queue = new QueueClient(`${settings.queueServiceUrl}/${REFRESH_QUEUE}`, storage, SINGLE_TRY);
  const vault = { credential: refresher, localMode, clock };
  const [, keyName = ''] = /\/keys\/([^/]+)/.exec(settings.sealingKeyId) ?? [];
  return {
    clock,
    telemetry,
    control: control.blobControlStore({
      container: container(settings.blobServiceUrl, CONTROL_CONTAINER),
      clock,
    }),
    orphans: orphans.blobOrphanSink({
      container: container(settings.orphanBlobServiceUrl, ORPHAN_CONTAINER),
      clock,
    }),
    vault: store.keyVaultTokenStore(vault),
    seal: seal.keyVaultTokenSeal({ ...vault, vaultUrl: new URL(settings.sealingKeyId).origin, keyName }),
    clientAuthentication: authentication.keyVaultClientAuthentication(vault),
    server: endpoint.tokenEndpoint({ clock, allowLoopbackHttp: localMode }),
    watchdog: queues.queueWatchdog({ queue, clock }),
    dispatch: queues.queueDispatch({ queue, clock }),
    newId: randomUUID,
  };
};

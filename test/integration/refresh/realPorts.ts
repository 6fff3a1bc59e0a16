import { randomUUID } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { queueWatchdog } from '../../../src/lib/app/queueDispatch.ts';
import { SINGLE_TRY } from '../../../src/lib/azure/blobCalls.ts';
import type { Clock } from '../../../src/lib/kernel/clock.ts';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';
import { keyVaultClientCredentials } from '../../../src/lib/oauth/keyVault/keyVaultClientCredentials.ts';
import type { Grant } from '../../../src/lib/oauth/rules/grant.ts';
import type { ProviderProfile } from '../../../src/lib/oauth/rules/providerProfile.ts';
import { tokenEndpoint } from '../../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import type { RefreshPorts } from '../../../src/lib/refresh/ports.ts';
import { blobFallbackStore } from '../../../src/lib/refresh/stores/blobFallbackStore.ts';
import { blobControlStore } from '../../../src/lib/stores/blob/blobControlStore.ts';
import { keyVaultTokenSeal } from '../../../src/lib/stores/keyVault/keyVaultTokenSeal.ts';
import { keyVaultTokenStore } from '../../../src/lib/stores/keyVault/keyVaultTokenStore.ts';
import type { ControlStore } from '../../../src/lib/stores/ports.ts';
import type { Telemetry } from '../../../src/lib/telemetry/telemetry.ts';

export const CONTROL_CONTAINER = 'keywatch-refresh';
export const FALLBACK_CONTAINER = 'keywatch-fallback';
export const REFRESH_QUEUE = 'keywatch-refresh';
export const SEALING_KEY = 'keywatch-seal';

/** What a worker process is reported on its standard input; the vault token is why it is not argv. */
export interface WorldSetup {
  readonly storage: string;
  readonly vaultUrl: string;
  readonly vaultToken: string;
  /** How far all clocks of this world are ahead of the machine's. */
  readonly aheadMs: number;
  /** How much of its pauses each actor of this world passes over. */
  readonly skipsMs: number;
}

/** A grant that a worker looks at. */
export interface Look {
  readonly grant: Grant;
  readonly profile: ProviderProfile;
}

/** Azurite's clock cannot be moved; what is read of it is, like everybody's. */
const ahead = (store: ControlStore, aheadMs: number): ControlStore => {
  const moved = <T extends { ok: boolean }>(result: T): T =>
    'storeNowEpochMs' in result && typeof result.storeNowEpochMs === 'number'
      ? { ...result, storeNowEpochMs: result.storeNowEpochMs + aheadMs }
      : result;
  return {
    ...store,
    acquire: async (...given) => moved(await store.acquire(...given)),
    renew: async (lease) => moved(await store.renew(lease)),
    write: async (...given) => moved(await store.write(...given)),
    async read(grantId) {
      const result = await store.read(grantId);
      if (!result.ok) return result;
      const { snapshot } = result;
      return { ok: true, snapshot: { ...snapshot, storeNowEpochMs: snapshot.storeNowEpochMs + aheadMs } };
    },
  };
};

/** Passes over the first pauses, so much in all. */
const skipping = (clock: Clock, mostMs: number): Clock => {
  let skippedMs = 0;
  return {
    nowEpochMs: () => clock.nowEpochMs() + skippedMs,
    monotonicMs: () => clock.monotonicMs() + skippedMs,
    sleep(ms, signal) {
      const skipMs = Math.min(ms, mostMs - skippedMs);
      skippedMs += skipMs;
      return clock.sleep(ms - skipMs, signal);
    },
  };
};

/** The ports of one worker over the real adapters and the unmodified SDK clients. */
export const realPorts = (setup: WorldSetup, telemetry: Telemetry): RefreshPorts => {
  const { storage, vaultUrl, vaultToken, aheadMs, skipsMs } = setup;
  const moved: Clock = { ...systemClock, nowEpochMs: () => systemClock.nowEpochMs() + aheadMs };
  const clock = skipping(moved, skipsMs);
  const expiresOnTimestamp = systemClock.nowEpochMs() + 3_600_000;
  const credential = { getToken: async () => ({ token: vaultToken, expiresOnTimestamp }) };
  const access = { credential, allowLoopback: true, clock };
  const blobs = BlobServiceClient.fromConnectionString(storage, SINGLE_TRY);
  const queue = QueueServiceClient.fromConnectionString(storage).getQueueClient(REFRESH_QUEUE);
  const control = blobControlStore({
    of: 'grant',
    container: blobs.getContainerClient(CONTROL_CONTAINER),
    clock,
  });
  return {
    clock,
    telemetry,
    control: ahead(control, aheadMs),
    vault: keyVaultTokenStore(access),
    seal: keyVaultTokenSeal({ ...access, vaultUrl, keyName: SEALING_KEY }),
    watchdog: queueWatchdog({ queue, clock }),
    fallback: blobFallbackStore({ container: blobs.getContainerClient(FALLBACK_CONTAINER), clock }),
    server: tokenEndpoint({ clock, allowLoopback: true }),
    clientCredentials: keyVaultClientCredentials(access),
    newId: randomUUID,
  };
};

type Calls = Readonly<Record<string, (...given: never[]) => unknown>>;

/** Hears of a call to the outside that ended; its caller goes on when this has. */
export type AfterCall = (call: string, result: unknown) => void | Promise<void>;

/** The same port, telling `after` the name and the result of each call that ended. */
export const told = <P extends object>(port: P, name: string, after: AfterCall): P => {
  const entries = Object.entries(port as Calls).map(([method, run]) => [
    method,
    (...given: never[]) => {
      const result = run(...given);
      if (!(result instanceof Promise)) return result;
      return result.then(async (value: unknown) => {
        await after(`${name}.${method}`, value);
        return value;
      });
    },
  ]);
  return Object.fromEntries(entries) as P;
};

/** The same ports, telling `after` of every call to the outside that ended. */
export const watchedPorts = (ports: RefreshPorts, after: AfterCall): RefreshPorts => ({
  ...ports,
  control: told(ports.control, 'control', after),
  vault: told(ports.vault, 'vault', after),
  seal: told(ports.seal, 'seal', after),
  watchdog: told(ports.watchdog, 'watchdog', after),
  fallback: told(ports.fallback, 'fallback', after),
  server: told(ports.server, 'server', after),
  clientCredentials: told(ports.clientCredentials, 'clientCredentials', after),
});

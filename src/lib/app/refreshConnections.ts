import { randomUUID } from 'node:crypto';
import { REFRESH_QUEUE } from '../azure/queues.ts';
import type { Config, RefreshSettings } from '../config/config.ts';
import { once } from '../kernel/once.ts';
import type { AuthorizationServer } from '../oauth/ports.ts';
import type { FallbackStore, RefreshDispatch, RefreshWatchdog } from '../refresh/ports.ts';
import type { RefresherPorts } from '../refresh/refresher.ts';
import type { ControlStore, TokenSeal, TokenStore } from '../stores/ports.ts';
import { clientCredentialStore } from './clientCredentialStore.ts';
import { CONTROL_CONTAINER, FALLBACK_CONTAINER } from './containers.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';

/** What refreshing works with. The run of the timer opens the control store and the queue of it, a worker the rest. */
export const connectRefresh = (
  settings: RefreshSettings,
  { allowLoopback, deployment }: Config,
  { clock, telemetry, refresher: credential, storage, storageAheadMs }: Platform,
): NonNullable<RefresherPorts['refresh']> => {
  const vault = { credential, allowLoopback, clock };
  const container = async (serviceUrl: string, name: string) => {
    const [{ BlobServiceClient }, { SINGLE_TRY }] = await Promise.all([
      import('@azure/storage-blob'),
      import('../azure/blobCalls.ts'),
    ]);
    return new BlobServiceClient(serviceUrl, storage, SINGLE_TRY).getContainerClient(name);
  };
  const openQueue = once(async () => {
    const [queues, { QueueClient }, { SINGLE_TRY }] = await Promise.all([
      import('./queueDispatch.ts'),
      import('@azure/storage-queue'),
      import('../azure/blobCalls.ts'),
    ]);
    const queue = new QueueClient(`${settings.queueServiceUrl}/${REFRESH_QUEUE}`, storage, SINGLE_TRY);
    return {
      dispatch: queues.queueDispatch({ queue, clock }),
      watchdog: queues.queueWatchdog({ queue, clock }),
    };
  });
  return {
    clock,
    telemetry,
    deployment,
    newId: randomUUID,
    control: openedOnUse<ControlStore>(
      { acquire: true, renew: true, release: true, read: true, write: true, archiveUnreadable: true },
      async () => {
        const { blobControlStore } = await import('../stores/blob/blobControlStore.ts');
        const records = await container(settings.blobServiceUrl, CONTROL_CONTAINER);
        return blobControlStore({ of: 'grant', container: records, clock, aheadMs: storageAheadMs });
      },
    ),
    fallback: openedOnUse<FallbackStore>({ put: true, list: true, remove: true }, async () => {
      const { blobFallbackStore } = await import('../refresh/stores/blobFallbackStore.ts');
      const envelopes = await container(settings.fallbackBlobServiceUrl, FALLBACK_CONTAINER);
      return blobFallbackStore({ container: envelopes, clock });
    }),
    vault: openedOnUse<TokenStore>(
      {
        readLatest: true,
        readVersion: true,
        write: true,
        listVersions: true,
        updateProperties: true,
        disableVersion: true,
      },
      async () => {
        const { keyVaultTokenStore } = await import('../stores/keyVault/keyVaultTokenStore.ts');
        return keyVaultTokenStore(vault);
      },
    ),
    // Prepared before a token is spent: from then on sealing waits for nothing outside this process, and nothing
    // that comes after the request is loaded from a package that a deployment may have replaced.
    seal: openedOnUse<TokenSeal>({ prepare: true, unseal: true }, async () => {
      const [{ keyVaultTokenSeal }] = await Promise.all([
        import('../stores/keyVault/keyVaultTokenSeal.ts'),
        import('../refresh/stores/blobFallbackStore.ts'),
        import('../oauth/tokenEndpoint/tokenEndpoint.ts'),
      ]);
      const [, keyName = ''] = /\/keys\/([^/]+)/.exec(settings.sealingKeyId) ?? [];
      return keyVaultTokenSeal({ ...vault, vaultUrl: new URL(settings.sealingKeyId).origin, keyName });
    }),
    clientCredentials: clientCredentialStore(vault),
    server: openedOnUse<AuthorizationServer>({ refresh: true }, async () => {
      const { tokenEndpoint } = await import('../oauth/tokenEndpoint/tokenEndpoint.ts');
      return tokenEndpoint({ clock, allowLoopback });
    }),
    watchdog: openedOnUse<RefreshWatchdog>({ arm: true }, async () => (await openQueue()).watchdog),
    dispatch: openedOnUse<RefreshDispatch>({ send: true }, async () => (await openQueue()).dispatch),
  };
};

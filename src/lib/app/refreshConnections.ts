import { randomUUID } from 'node:crypto';
import { REFRESH_QUEUE } from '../azure/queues.ts';
import type { Config } from '../config/config.ts';
import type { RefreshSettings } from '../config/storeSettings.ts';
import { once } from '../kernel/once.ts';
import type { AuthorizationServer } from '../oauth/ports.ts';
import type { FallbackStore, RefreshDispatch, RefreshWatchdog, SealedSecretStore } from '../refresh/ports.ts';
import type { RefresherPorts } from '../refresh/refresher.ts';
import type { TokenStore } from '../stores/ports.ts';
import { clientCredentialStore } from './clientCredentialStore.ts';
import { FALLBACK_CONTAINER, SEALED_SECRETS_CONTAINER } from './containers.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';
import { controlStore, recordContainer, sealingKey } from './recordStores.ts';

/** What refreshing works with. The run of the timer opens the control store and the queue of it, a worker the rest. */
export const connectRefresh = (
  settings: RefreshSettings,
  { allowLoopback, deployment }: Config,
  { clock, telemetry, refresher: credential, storage, storageAheadMs }: Platform,
): NonNullable<RefresherPorts['refresh']> => {
  const vault = { credential, allowLoopback, clock };
  const container = (serviceUrl: string, name: string) => recordContainer(serviceUrl, name, storage);
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
    control: controlStore('grant', settings.blobServiceUrl, { storage, clock, storageAheadMs }),
    fallback: openedOnUse<FallbackStore>({ put: true, list: true, remove: true }, async () => {
      const { blobFallbackStore } = await import('../refresh/stores/blobFallbackStore.ts');
      const envelopes = await container(settings.fallbackBlobServiceUrl, FALLBACK_CONTAINER);
      return blobFallbackStore({ container: envelopes, clock });
    }),
    sealed: openedOnUse<SealedSecretStore>({ put: true, read: true, replace: true }, async () => {
      const { blobTicketStore } = await import('../stores/blob/blobTicketStore.ts');
      const secrets = await container(settings.fallbackBlobServiceUrl, SEALED_SECRETS_CONTAINER);
      const setting = 'KEYWATCH_FALLBACK_BLOB_SERVICE_URL (KEYWATCH_BLOB_SERVICE_URL where that is not set)';
      const holds = { store: 'sealed_secret', one: 'a sealed secret', setting } as const;
      return blobTicketStore({ container: secrets, clock, holds });
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
    seal: sealingKey(settings.sealingKeyId, vault, () =>
      Promise.all([
        import('../refresh/stores/blobFallbackStore.ts'),
        import('../oauth/tokenEndpoint/tokenEndpoint.ts'),
      ]),
    ),
    clientCredentials: clientCredentialStore(vault),
    server: openedOnUse<AuthorizationServer>({ refresh: true }, async () => {
      const { tokenEndpoint } = await import('../oauth/tokenEndpoint/tokenEndpoint.ts');
      return tokenEndpoint({ clock, allowLoopback });
    }),
    watchdog: openedOnUse<RefreshWatchdog>({ arm: true }, async () => (await openQueue()).watchdog),
    dispatch: openedOnUse<RefreshDispatch>({ send: true }, async () => (await openQueue()).dispatch),
  };
};

import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { ApplicationSecrets } from '../directory/ports.ts';
import type { CredentialUse, SecretProof } from '../rotate/ports.ts';
import type { RotatorPorts } from '../rotate/rotator.ts';
import type { TokenStore } from '../stores/ports.ts';
import { clientCredentialStore } from './clientCredentialStore.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';
import { controlStore, sealingKey } from './recordStores.ts';

/**
 * What rotating works with; absent where nothing is rotated. Records and seal are the refresher's; the rotator's own
 * identity changes applications and writes their secrets, and can do nothing else.
 */
export const connectRotate = (
  { rotate: settings, directory, allowLoopback }: Config,
  { clock, telemetry, rotator, refresher, storage, storageAheadMs, trusted: ca }: Platform,
): RotatorPorts['rotate'] => {
  if (settings === undefined || directory === undefined) return undefined;
  const { tenantId, graphUrl: endpoint } = directory;
  const { signInWorkspaceId: workspaceId } = settings;
  return {
    clock,
    telemetry,
    newId: randomUUID,
    control: controlStore('rotation', settings.blobServiceUrl, { storage, clock, storageAheadMs }),
    vault: openedOnUse<Pick<TokenStore, 'readLatest' | 'write'>>(
      { readLatest: true, write: true },
      async () => {
        const { keyVaultTokenStore } = await import('../stores/keyVault/keyVaultTokenStore.ts');
        const holds = { content: "the client's secret", identity: 'rotates' };
        return keyVaultTokenStore({ credential: rotator, allowLoopback, clock, holds });
      },
    ),
    seal: sealingKey(settings.sealingKeyId, { credential: refresher, allowLoopback, clock }),
    directory: openedOnUse<ApplicationSecrets>(
      { readApplication: true, addSecret: true, removeSecret: true },
      async () => {
        const { graphApplicationSecrets } = await import('../directory/graph/graphApplicationSecrets.ts');
        return graphApplicationSecrets({ credential: rotator, clock, tenantId, endpoint, allowLoopback });
      },
    ),
    use:
      workspaceId === undefined
        ? undefined
        : openedOnUse<CredentialUse>({ lastUses: true }, async () => {
            const [{ logsQuery }, { credentialUse }] = await Promise.all([
              import('../azure/logs/logsQuery.ts'),
              import('./credentialUse.ts'),
            ]);
            return credentialUse(logsQuery({ credential: rotator, clock, workspaceId, allowLoopback }));
          }),
    proof: openedOnUse<SecretProof>({ prove: true }, async () => {
      const [{ entraFlow }, { secretProof }] = await Promise.all([
        import('../prove/entra/entraFlow.ts'),
        import('./secretProof.ts'),
      ]);
      const store = clientCredentialStore({ credential: refresher, allowLoopback, clock });
      return secretProof(entraFlow({ store, clock, telemetry, allowLoopback, ca }), clock);
    }),
  };
};

import type { ContainerClient } from '@azure/storage-blob';
import type { KeyVaultTokenSealOptions } from '../stores/keyVault/keyVaultTokenSeal.ts';
import type { ControlStore, TicketStore, TokenSeal } from '../stores/ports.ts';
import { CONTROL_CONTAINER, ROTATION_CONTAINER } from './containers.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';

/** A container of blobs, opened by whoever keeps something in it. */
export const recordContainer = async (
  serviceUrl: string,
  name: string,
  storage: Platform['storage'],
): Promise<ContainerClient> => {
  const [{ BlobServiceClient }, { SINGLE_TRY }] = await Promise.all([
    import('@azure/storage-blob'),
    import('../azure/blobCalls.ts'),
  ]);
  return new BlobServiceClient(serviceUrl, storage, SINGLE_TRY).getContainerClient(name);
};

const RECORDS = { grant: CONTROL_CONTAINER, rotation: ROTATION_CONTAINER } as const;

export const controlStore = (
  of: keyof typeof RECORDS,
  serviceUrl: string,
  { storage, clock, storageAheadMs: aheadMs }: Pick<Platform, 'storage' | 'clock' | 'storageAheadMs'>,
): ControlStore =>
  openedOnUse<ControlStore>(
    { acquire: true, renew: true, release: true, read: true, write: true, archiveUnreadable: true },
    async () => {
      const { blobControlStore } = await import('../stores/blob/blobControlStore.ts');
      const container = await recordContainer(serviceUrl, RECORDS[of], storage);
      return blobControlStore({ of, container, clock, aheadMs });
    },
  );

export const ticketStore = (
  serviceUrl: string,
  name: string,
  { storage, clock }: Pick<Platform, 'storage' | 'clock'>,
): TicketStore =>
  openedOnUse<TicketStore>({ put: true, read: true, take: true, replace: true, remove: true }, async () => {
    const { blobTicketStore } = await import('../stores/blob/blobTicketStore.ts');
    return blobTicketStore({ container: await recordContainer(serviceUrl, name, storage), clock });
  });

/**
 * The seal by the key of the settings.
 * @param alongside what else is needed once something is sealed: nothing that comes after is loaded from a package
 *   that a deployment may have replaced
 */
export const sealingKey = (
  sealingKeyId: string,
  access: Omit<KeyVaultTokenSealOptions, 'vaultUrl' | 'keyName'>,
  alongside: () => Promise<unknown> = async () => undefined,
): TokenSeal =>
  openedOnUse<TokenSeal>({ prepare: true, unseal: true }, async () => {
    const [{ keyVaultTokenSeal }] = await Promise.all([
      import('../stores/keyVault/keyVaultTokenSeal.ts'),
      alongside(),
    ]);
    const [, keyName = ''] = /\/keys\/([^/]+)/.exec(sealingKeyId) ?? [];
    return keyVaultTokenSeal({ ...access, vaultUrl: new URL(sealingKeyId).origin, keyName });
  });

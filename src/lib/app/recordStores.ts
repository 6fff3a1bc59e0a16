import type { ContainerClient } from '@azure/storage-blob';
import type { KeyVaultTokenSealOptions } from '../stores/keyVault/keyVaultTokenSeal.ts';
import type { TicketStore, TokenSeal } from '../stores/ports.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';

/** A container of records, for whoever refreshes or rotates. */
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

/** The tickets of one container. */
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

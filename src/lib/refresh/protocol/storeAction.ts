import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { Grant, SecretReference } from '../../oauth/rules/grant.ts';

/** The objects of a grant; what of them is not known is not named. */
export type GrantStores = Partial<Pick<Grant, 'secret' | 'clientCredential'>>;

const PASSES = 'Nothing now: it is tried again';

/** An object in Key Vault, as people and `az` call it. */
interface VaultObject {
  readonly reference: SecretReference;
  readonly kind: 'secret' | 'key' | 'certificate';
  /** The setting that names it. */
  readonly setting: string;
  /** What has to be in it. */
  readonly content: string;
  /** The role that reading or using it takes. */
  readonly role: string;
}

const tokenSecret = ({ secret }: GrantStores): VaultObject | undefined =>
  secret && {
    reference: secret,
    kind: 'secret',
    setting: 'secretName',
    content: 'the refresh token',
    role: 'Key Vault Secrets Officer',
  };

const clientObject = ({ clientCredential: client }: GrantStores): VaultObject | undefined => {
  if (client === undefined) return undefined;
  if ('secret' in client) {
    return {
      reference: client.secret,
      kind: 'secret',
      setting: 'clientSecret',
      content: "the client's secret (not the refresh token)",
      role: 'Key Vault Secrets User',
    };
  }
  if (!('key' in client)) return undefined;
  return {
    reference: client.key,
    kind: client.isCertificate ? 'certificate' : 'key',
    setting: 'clientKey',
    content: "the client's key",
    role: client.isCertificate
      ? 'Key Vault Crypto User and Key Vault Certificate User'
      : 'Key Vault Crypto User',
  };
};

const objectAction = (object: VaultObject | undefined, { code }: StoreFailure): string | undefined => {
  if (object === undefined) return undefined;
  const { reference, kind, setting, content, role } = object;
  const vault = vaultNameOf(reference.vaultUrl);
  const which = `${kind} ${reference.name} of ${vault}`;
  const az = (verb: string) => `az keyvault ${kind} ${verb} --vault-name ${vault} --name ${reference.name}`;
  switch (code) {
    case 'unavailable':
      return `${PASSES}; if it lasts, check the name of vault ${vault} and the network to it.`;
    case 'throttled':
      return `${PASSES}; if it lasts, look who else uses vault ${vault} so much.`;
    case 'forbidden':
      return `Give the identity that refreshes ${role} on ${which}, or open the vault's firewall to it.${setting === 'secretName' ? ' Where both are so, see whether an Azure Policy refuses what is written (its end, its content type).' : ''}`;
    case 'not_found':
      return kind === 'secret'
        ? `Write ${content} into ${which}, or correct ${setting} in keywatch.config.json; if it was deleted, recover it: ${az('recover')}.`
        : `Make ${which} and give its public part to the provider, or correct ${setting} in keywatch.config.json.`;
    case 'deleted':
      return `Recover it first: ${az('recover')}; while it waits for that, nothing can be written under its name.`;
    case 'disabled':
      return kind === 'secret'
        ? `Switch the latest version on again: ${az('set-attributes')} --enabled true; or write ${content} as a new version.`
        : `Switch it on again: ${az('set-attributes')} --enabled true.`;
    case 'rejected':
      if (setting === 'secretName')
        return `Make ${which} fit Key Vault's limits: at most 15 tags, 25 KB, and a valid name.`;
      return kind === 'secret'
        ? `Write ${content} into ${which} as the provider gave it.`
        : `Make ${which} of a type that signs for the algorithm: RSA, or EC with the curve that the algorithm names.`;
    default:
      return undefined;
  }
};

const STORAGE = {
  control: {
    what: 'the container keywatch-control',
    setting: 'KEYWATCH_BLOB_SERVICE_URL',
    role: 'Storage Blob Data Contributor',
  },
  fallback: {
    what: 'the container keywatch-fallback',
    setting: 'KEYWATCH_FALLBACK_BLOB_SERVICE_URL (KEYWATCH_BLOB_SERVICE_URL where that is not set)',
    role: 'Storage Blob Data Contributor',
  },
  watchdog: {
    what: 'the queue keywatch-refresh',
    setting: 'KEYWATCH_QUEUE_SERVICE_URL',
    role: 'Storage Queue Data Contributor',
  },
} as const;

const storageAction = (
  { what, setting, role }: (typeof STORAGE)[keyof typeof STORAGE],
  { code }: StoreFailure,
): string | undefined => {
  switch (code) {
    case 'unavailable':
      return `${PASSES}; if it lasts, check the storage account of ${setting} and the network to it.`;
    case 'throttled':
      return `${PASSES}; if it lasts, look who else uses the storage account of ${setting} so much.`;
    case 'forbidden':
      return `Give the identity that refreshes ${role} on the storage account of ${setting}, or open its firewall to it.`;
    case 'not_found':
      return `Make ${what} again in the storage account of ${setting} (deploying the templates does), or correct that setting.`;
    default:
      return undefined;
  }
};

const sealAction = ({ code }: StoreFailure): string | undefined => {
  switch (code) {
    case 'unavailable':
      return `${PASSES}; if it lasts, check the vault of KEYWATCH_SEALING_KEY_ID and the network to it.`;
    case 'forbidden':
      return 'Give the identity that refreshes Key Vault Crypto Service Encryption User on the sealing key, or open the firewall of its vault to it.';
    case 'rejected':
      return 'Name an RSA key with the operations wrapKey and unwrapKey in KEYWATCH_SEALING_KEY_ID.';
    default:
      return undefined;
  }
};

const byStore = (grant: GrantStores, failure: StoreFailure): string | undefined => {
  switch (failure.store) {
    case 'vault':
      return objectAction(tokenSecret(grant), failure);
    case 'client_credential':
      return objectAction(clientObject(grant), failure);
    case 'control':
    case 'fallback':
    case 'watchdog':
      return storageAction(STORAGE[failure.store], failure);
    case 'seal':
      return sealAction(failure);
    default:
      return undefined;
  }
};

const BY_CODE: Readonly<Record<StoreFailure['code'], string>> = {
  unavailable: `${PASSES}.`,
  throttled: `${PASSES}; if it lasts, look who else uses this store so much.`,
  forbidden: "Give Keywatch's identity its role on this object again, or open the firewall to it.",
  not_found: 'Make the object again, or correct its name in the settings.',
  deleted: 'Recover the soft-deleted object first.',
  disabled: 'Switch the object on again.',
  rejected: 'Make what is written fit the limits of the store.',
  held: 'Nothing: another worker is at it.',
  lost: `${PASSES}.`,
  conflict: `${PASSES}.`,
  key_gone: 'Recover the sealing key in Key Vault, with the version that was used; do not replace it.',
  key_expired: 'Make a new version of the key and give its public part to the provider, or move its end.',
  key_not_yet_valid: 'Wait until the key begins, or let it begin earlier.',
  key_operation_forbidden: 'Permit the operation on this key.',
  tampered:
    'Look at the control blob, its copies and the fallback store: a sealed token there does not open.',
};

/** What to do about a store's failure: by the store, the code, and which of the grant's objects it is about. */
export const storeAction = (grant: GrantStores, failure: StoreFailure): string =>
  byStore(grant, failure) ?? BY_CODE[failure.code];

import type { StoreFailureReason } from '../kernel/storeFailure.ts';
import { vaultNameOf } from '../kernel/vaultUrl.ts';

/** What to do about a failure of one object of a store; absent: what the reason alone says. */
export type StoreActions = (reason: StoreFailureReason) => string | undefined;

const PASSES = 'Nothing now: it is tried again';

/** An object in Key Vault, as people and `az` call it. */
export interface VaultObject {
  readonly reference: { readonly vaultUrl: string; readonly name: string };
  readonly kind: 'secret' | 'key' | 'certificate';
  /** The setting that names it. */
  readonly setting: string;
  /** What has to be in it. */
  readonly content: string;
  /** The role that reading or using it takes. */
  readonly role: string;
  /** Who reads or uses it: `the identity that ...`; absent: refreshes. */
  readonly identity?: string | undefined;
  /** What else can be wrong where Key Vault forbids. */
  readonly forbiddenToo?: string;
  /** How to make it fit where Key Vault or its reader refuses what is in it. */
  readonly rejected: (which: string) => string;
}

export const vaultObjectActions =
  ({
    reference,
    kind,
    setting,
    content,
    role,
    identity = 'refreshes',
    forbiddenToo,
    rejected,
  }: VaultObject): StoreActions =>
  (reason) => {
    const vault = vaultNameOf(reference.vaultUrl);
    const which = `${kind} ${reference.name} of ${vault}`;
    const az = (verb: string) => `az keyvault ${kind} ${verb} --vault-name ${vault} --name ${reference.name}`;
    switch (reason) {
      case 'unavailable':
        return `${PASSES}; if it lasts, check the name of vault ${vault} and the network to it.`;
      case 'throttled':
        return `${PASSES}; if it lasts, look who else uses vault ${vault} so much.`;
      case 'forbidden':
        return `Give the identity that ${identity} ${role} on ${which}, or open the vault's firewall to it.${forbiddenToo === undefined ? '' : ` ${forbiddenToo}`}`;
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
        return rejected(which);
      default:
        return undefined;
    }
  };

/** A container or a queue of Azure Storage. */
export interface StorageObject {
  readonly what: string;
  /** The setting that names the address of its service. */
  readonly setting: string;
  readonly role: string;
  /** What does not work meanwhile. */
  readonly meanwhile?: string;
}

export const storageActions =
  ({ what, setting, role, meanwhile }: StorageObject): StoreActions =>
  (reason) => {
    const until = meanwhile === undefined ? '' : ` Until then ${meanwhile}.`;
    switch (reason) {
      case 'unavailable':
        return `${PASSES}; if it lasts, check the storage account of ${setting} and the network to it.${until}`;
      case 'throttled':
        return `${PASSES}; if it lasts, look who else uses the storage account of ${setting} so much.${until}`;
      case 'forbidden':
        return `Give Keywatch's refresher identity ${role} on the storage account of ${setting}, or open its firewall to it.${until}`;
      case 'not_found':
        return `Make ${what} again in the storage account of ${setting} (deploying the templates does), or correct that setting.${until}`;
      case 'locked':
        return `Nobody may change what is in ${what} of the storage account of ${setting}: take the immutability policy or legal hold off it, or its blob out of the archive tier (az storage blob set-tier --tier Hot).${until}`;
      default:
        return undefined;
    }
  };

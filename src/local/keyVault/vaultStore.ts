import { conflict, WireError } from './errors.ts';
import type { Collection, StoredObject, StoredVersion } from './storedObject.ts';

const RETENTION_DAYS = 90;
const SECONDS_A_DAY = 86_400;

/** What is kept of a vault between two runs. */
export type VaultSnapshot = Readonly<Record<Collection, readonly StoredObject[]>>;

/** The objects of one vault. Reads never change it; each write is saved before it returns. */
export interface VaultStore {
  /** The live object of that name, whatever its case; refuses with 404. */
  live(collection: Collection, name: string): StoredObject;
  deleted(collection: Collection, name: string): StoredObject;
  /** Names in order, for listings that survive a change between two pages. */
  names(collection: Collection): readonly string[];
  /**
   * Adds one version, or the three of a certificate with its secret and key, in one write; refuses
   * with 409 while the name is soft-deleted or taken by an object of its own.
   */
  addVersions(name: string, added: readonly AddedVersion[]): void;
  replaceVersion(collection: Collection, name: string, version: StoredVersion): void;
  /** Soft-deletes an object, for good: nothing here recovers or purges it. */
  softDelete(collection: Collection, name: string): StoredObject;
}

export interface AddedVersion {
  readonly collection: Collection;
  readonly version: StoredVersion;
}

export interface VaultStoreOptions {
  readonly nowSeconds: () => number;
  readonly initial?: VaultSnapshot | undefined;
  /** Called with everything after each write, before the write is acknowledged. */
  readonly save?: ((snapshot: VaultSnapshot) => void) | undefined;
}

const NOT_FOUND = {
  secrets: 'SecretNotFound',
  keys: 'KeyNotFound',
  certificates: 'CertificateNotFound',
} as const;

/** Names are compared without regard to case, as the service does. */
const keyOf = (name: string) => name.toLowerCase();

export const createVaultStore = ({ nowSeconds, initial, save }: VaultStoreOptions): VaultStore => {
  const objectsOf = (collection: Collection) =>
    new Map((initial?.[collection] ?? []).map((object) => [keyOf(object.name), object]));
  const objects = {
    secrets: objectsOf('secrets'),
    keys: objectsOf('keys'),
    certificates: objectsOf('certificates'),
  };
  const sorted = new Map<Collection, readonly string[]>();

  const commit = () => {
    sorted.clear();
    save?.({
      secrets: [...objects.secrets.values()],
      keys: [...objects.keys.values()],
      certificates: [...objects.certificates.values()],
    });
  };

  const find = (collection: Collection, name: string) => objects[collection].get(keyOf(name));

  const require = (collection: Collection, name: string, state: 'live' | 'deleted') => {
    const object = find(collection, name);
    if (object !== undefined && (object.deleted !== undefined) === (state === 'deleted')) return object;
    const where = state === 'deleted' ? 'among the deleted ones of this vault' : 'in this vault';
    throw new WireError(404, NOT_FOUND[collection], `${name} was not found ${where}`);
  };

  const refuseManaged = (collection: Collection, object: StoredObject) => {
    if (collection !== 'certificates' && object.versions.some(({ managed }) => managed))
      throw new WireError(403, 'Forbidden', `${object.name} backs a certificate: change the certificate`);
  };

  const checkAddition = (collection: Collection, name: string, { managed }: StoredVersion) => {
    const object = find(collection, name);
    if (object === undefined) return;
    if (object.deleted !== undefined)
      throw conflict(
        `${name} is deleted but recoverable: recover or purge it first`,
        'ObjectIsDeletedButRecoverable',
      );
    if (managed !== true) refuseManaged(collection, object);
    else if (!object.versions.some((version) => version.managed))
      throw conflict(`${name} is taken by one of the ${collection} that backs no certificate`);
  };

  return {
    live: (collection, name) => require(collection, name, 'live'),
    deleted: (collection, name) => require(collection, name, 'deleted'),
    names(collection) {
      const known = sorted.get(collection);
      if (known !== undefined) return known;
      const names = [...objects[collection].values()]
        .filter(({ deleted }) => deleted === undefined)
        .map(({ name }) => name)
        .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      sorted.set(collection, names);
      return names;
    },
    addVersions(name, added) {
      for (const { collection, version } of added) checkAddition(collection, name, version);
      for (const { collection, version } of added) {
        const object = find(collection, name);
        const versions = [...(object?.versions ?? []), version];
        objects[collection].set(keyOf(name), { name: object?.name ?? name, versions });
      }
      commit();
    },
    replaceVersion(collection, name, version) {
      const object = require(collection, name, 'live');
      refuseManaged(collection, object);
      const versions = object.versions.map((old) => (old.version === version.version ? version : old));
      objects[collection].set(keyOf(name), { ...object, versions });
      commit();
    },
    softDelete(collection, name) {
      refuseManaged(collection, require(collection, name, 'live'));
      const deletedDate = nowSeconds();
      const deleted = { deletedDate, scheduledPurgeDate: deletedDate + RETENTION_DAYS * SECONDS_A_DAY };
      const object = { ...require(collection, name, 'live'), deleted };
      objects[collection].set(keyOf(name), object);
      commit();
      return object;
    },
  };
};

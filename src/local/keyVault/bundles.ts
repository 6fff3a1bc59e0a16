import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { type Collection, currentVersion, type StoredObject, type StoredVersion } from './storedObject.ts';

const RECOVERY = { recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 };

/** Where an object, or one version of it, is found. */
export const identifierOf = (baseUrl: string, collection: Collection, name: string, version?: string) =>
  `${baseUrl}/${collection}/${name}${version === undefined ? '' : `/${version}`}`;

/** What is absent is `undefined`, which JSON leaves out. */
const common = ({ attributes, tags, managed }: StoredVersion) => ({
  attributes: { ...attributes, ...RECOVERY },
  tags,
  managed,
});

/**
 * An object as listings show it: never a value, never key material. The listing of a vault names no
 * version, the listing of an object's versions does.
 */
export const itemOf = (
  baseUrl: string,
  collection: Collection,
  name: string,
  { version, withVersion }: { version: StoredVersion; withVersion: boolean },
) => {
  const id = identifierOf(baseUrl, collection, name, withVersion ? version.version : undefined);
  const { material } = version;
  return {
    ...(collection === 'keys' ? { kid: id } : { id }),
    ...common(version),
    contentType: material.type === 'secret' ? material.contentType : undefined,
    x5t: material.type === 'certificate' ? material.x5t : undefined,
  };
};

/** An object as its own `GET` shows it, except for a secret's value, which the caller adds on purpose. */
export const bundleOf = (baseUrl: string, name: string, version: StoredVersion) => {
  const { material } = version;
  const idIn = (collection: Collection) => identifierOf(baseUrl, collection, name, version.version);
  switch (material.type) {
    case 'secret':
      return {
        id: idIn('secrets'),
        ...common(version),
        contentType: material.contentType,
        kid: version.managed && idIn('keys'),
      };
    case 'key':
      return {
        key: { kid: idIn('keys'), key_ops: material.keyOps, ...publicPart(material.jwk) },
        ...common(version),
      };
    case 'certificate':
      return {
        id: idIn('certificates'),
        kid: idIn('keys'),
        sid: idIn('secrets'),
        x5t: material.x5t,
        cer: material.cer,
        ...common(version),
      };
  }
};

const publicPart = (jwk: JsonWebKey): JsonWebKey =>
  createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' });

/** What soft deletion adds to an object. */
export const deletionOf = (baseUrl: string, collection: Collection, { name, deleted }: StoredObject) => ({
  recoveryId: `${baseUrl}/deleted${collection}/${name}`,
  ...deleted,
});

/** A deleted object with everything but a value. */
export const deletedBundleOf = (baseUrl: string, collection: Collection, object: StoredObject) => ({
  ...bundleOf(baseUrl, object.name, currentVersion(object)),
  ...deletionOf(baseUrl, collection, object),
});

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { checkedName } from './attributes.ts';
import { certificateVersions, readPem, validityOf } from './certificateVersions.ts';
import { defaultKeyOps } from './keyRoutes.ts';
import { newVersionId } from './secretRoutes.ts';
import { selfSignedCertificate } from './selfSigned.ts';
import {
  type CertificatePolicy,
  COLLECTIONS,
  type Collection,
  type RotationPolicy,
  type StoredAttributes,
} from './storedObject.ts';
import type { AddedVersion, VaultStore } from './vaultStore.ts';

/** Times are milliseconds since 1970-01-01 UTC, kept as whole seconds; `enabled` unless told otherwise. */
export interface SeedAttributes {
  readonly enabled?: boolean;
  readonly notBeforeEpochMs?: number;
  readonly expiresOnEpochMs?: number;
  /** When the version was made, and last changed; now and the former by default. */
  readonly createdEpochMs?: number;
  readonly updatedEpochMs?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SecretSeed extends SeedAttributes {
  readonly value: string;
  readonly contentType?: string;
}

export interface KeySeed extends SeedAttributes {
  /** Absent: an EC key, which is made in no time; one that wraps has to be RSA. */
  readonly privateKey?: KeyObject;
  /** Absent: it only notifies. */
  readonly rotationPolicy?: RotationPolicy;
}

export interface CertificateSeed extends Omit<SeedAttributes, 'notBeforeEpochMs' | 'expiresOnEpochMs'> {
  /** Absent: of a CA that Key Vault cannot ask, and sends mail only. */
  readonly policy?: CertificatePolicy;
  /** A certificate of one's own, with or without its key; or else the dates of a self-signed one. */
  readonly from: string | { readonly notBeforeEpochMs: number; readonly notAfterEpochMs: number };
}

/**
 * Puts objects into a vault without a request, with dates of the past if need be. Each call adds one
 * version and gives its id; a name that exists gets a newer version.
 */
export interface VaultSeeder {
  secret(name: string, seed: SecretSeed): string;
  key(name: string, seed?: KeySeed): string;
  /** Adds the certificate and the managed secret and key that back it. */
  certificate(name: string, seed: CertificateSeed): string;
  /** True when the vault holds nothing yet, so that a restarted one is not seeded twice. */
  isEmpty(): boolean;
  /** Objects that are there now, without the secrets and keys that back certificates. */
  count(): number;
}

const secondsOf = (epochMs: number) => Math.floor(epochMs / 1000);

export const createVaultSeeder = (store: VaultStore, nowEpochMs: () => number): VaultSeeder => {
  const attributesOf = (seed: SeedAttributes): StoredAttributes => {
    const created = secondsOf(seed.createdEpochMs ?? nowEpochMs());
    return {
      enabled: seed.enabled ?? true,
      ...(seed.notBeforeEpochMs === undefined ? {} : { nbf: secondsOf(seed.notBeforeEpochMs) }),
      ...(seed.expiresOnEpochMs === undefined ? {} : { exp: secondsOf(seed.expiresOnEpochMs) }),
      created,
      updated: seed.updatedEpochMs === undefined ? created : secondsOf(seed.updatedEpochMs),
    };
  };
  const tagsOf = ({ tags }: SeedAttributes) => (tags === undefined ? {} : { tags });

  const add = (name: string, added: readonly AddedVersion[]) => {
    store.addVersions(checkedName(name), added);
    return added[0]?.version.version ?? '';
  };

  const backsCertificate = (collection: Collection) => (name: string) =>
    store.live(collection, name).versions.some(({ managed }) => managed);
  const count = (): number =>
    COLLECTIONS.map((collection) => {
      const names = store.names(collection);
      return names.length - names.filter(backsCertificate(collection)).length;
    }).reduce((sum, own) => sum + own, 0);

  return {
    secret: (name, seed) =>
      add(name, [
        {
          collection: 'secrets',
          version: {
            version: newVersionId(),
            attributes: attributesOf(seed),
            ...tagsOf(seed),
            material: {
              type: 'secret',
              value: seed.value,
              ...(seed.contentType === undefined ? {} : { contentType: seed.contentType }),
            },
          },
        },
      ]),
    key(name, seed = {}) {
      const { privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey } = seed;
      const jwk = privateKey.export({ format: 'jwk' });
      const version = {
        version: newVersionId(),
        attributes: attributesOf(seed),
        ...tagsOf(seed),
        material: {
          type: 'key',
          jwk,
          keyOps: defaultKeyOps(jwk),
          ...(seed.rotationPolicy === undefined ? {} : { rotationPolicy: seed.rotationPolicy }),
        },
      } as const;
      return add(name, [{ collection: 'keys', version }]);
    },
    certificate(name, seed) {
      const certificate = readPem(typeof seed.from === 'string' ? seed.from : selfSignedPem(name, seed.from));
      const attributes = { ...attributesOf(seed), ...validityOf(certificate) };
      return add(name, certificateVersions(certificate, attributes, tagsOf(seed), seed.policy));
    },
    isEmpty: () => count() === 0,
    count,
  };
};

const selfSignedPem = (
  commonName: string,
  validity: { readonly notBeforeEpochMs: number; readonly notAfterEpochMs: number },
): string => {
  const { certificate, key } = selfSignedCertificate({ commonName, ...validity });
  return certificate + key;
};

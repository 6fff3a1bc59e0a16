import type { TokenCredential } from '@azure/core-auth';
import type { CertificateClient } from '@azure/keyvault-certificates';
import type { KeyClient } from '@azure/keyvault-keys';
import type { SecretClient } from '@azure/keyvault-secrets';
import { emptyListingPolicy } from '../../azure/emptyListingPolicy.ts';
import { loopbackSwitches } from '../../azure/loopbackSwitches.ts';
import { metadataOnlyPolicy } from '../../azure/metadataOnlyPolicy.ts';
import { retryPolicy } from '../../azure/retryPolicy.ts';
import { wholeErrorPolicy } from '../../azure/wholeErrorPolicy.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { VaultObjectKind } from '../rules/credential.ts';

/** The part of each SDK client that a scan may hold: no method of it reads a value. */
export type SecretMetadataClient = Pick<
  SecretClient,
  'listPropertiesOfSecrets' | 'listPropertiesOfSecretVersions'
>;
export type KeyMetadataClient = Pick<KeyClient, 'listPropertiesOfKeys' | 'listPropertiesOfKeyVersions'>;
export type CertificateMetadataClient = Pick<
  CertificateClient,
  'listPropertiesOfCertificates' | 'listPropertiesOfCertificateVersions'
>;

/** What the three SDK clients say of an object, as far as a scan reads it. */
export interface ListedProperties {
  readonly name?: string;
  readonly version?: string;
  readonly enabled?: boolean;
  readonly createdOn?: Date;
  readonly notBefore?: Date;
  readonly expiresOn?: Date;
  readonly managed?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

type Pages = AsyncIterable<readonly ListedProperties[]>;

/** The listings of one kind in one vault, page by page. */
export interface MetadataListings {
  list(): Pages;
  listVersions(name: string): Pages;
}

export interface MetadataListingsOptions {
  /** Origin of the vault; loopback is refused outside local mode. */
  readonly vaultUrl: string;
  readonly credential: TokenCredential;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  /** For jitter: from 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly allowLoopback: boolean;
  /** Of each single request. */
  readonly requestTimeoutMs: number;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly onServerDate: (epochMs: number | undefined) => void;
}

/**
 * Opens the listings of one kind in one vault. The SDKs are heavy: each is loaded here on first use.
 * Its client stays behind closures that can only list, and its pipeline lets nothing but listings of
 * this vault reach the wire; redirects are not followed.
 * @throws when a loopback vault is asked for outside local mode
 */
export const openMetadataListings = async (
  kind: VaultObjectKind,
  options: MetadataListingsOptions,
): Promise<MetadataListings> => {
  const { vaultUrl, credential } = options;
  const clientOptions = clientOptionsOf(options);
  switch (kind) {
    case 'secret': {
      const { SecretClient } = await import('@azure/keyvault-secrets');
      return secretListings(new SecretClient(vaultUrl, credential, clientOptions));
    }
    case 'key': {
      const { KeyClient } = await import('@azure/keyvault-keys');
      return keyListings(new KeyClient(vaultUrl, credential, clientOptions));
    }
    case 'certificate': {
      const { CertificateClient } = await import('@azure/keyvault-certificates');
      return certificateListings(new CertificateClient(vaultUrl, credential, clientOptions));
    }
  }
};

const clientOptionsOf = (options: MetadataListingsOptions) => {
  const { vaultUrl, clock, random, allowLoopback, requestTimeoutMs, signal, onServerDate } = options;
  const metadataOnly = metadataOnlyPolicy({ origin: vaultUrl, signal, requestTimeoutMs, onServerDate });
  return {
    ...loopbackSwitches(vaultUrl, allowLoopback),
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [
      { policy: emptyListingPolicy, position: 'perCall' as const },
      { policy: wholeErrorPolicy, position: 'perCall' as const },
      { policy: retryPolicy({ clock, random, signal }), position: 'perCall' as const },
      { policy: metadataOnly, position: 'perRetry' as const },
    ],
  };
};

const secretListings = (client: SecretMetadataClient): MetadataListings => ({
  list: () => client.listPropertiesOfSecrets().byPage(),
  listVersions: (name) => client.listPropertiesOfSecretVersions(name).byPage(),
});

const keyListings = (client: KeyMetadataClient): MetadataListings => ({
  list: () => client.listPropertiesOfKeys().byPage(),
  listVersions: (name) => client.listPropertiesOfKeyVersions(name).byPage(),
});

const certificateListings = (client: CertificateMetadataClient): MetadataListings => ({
  list: () => client.listPropertiesOfCertificates().byPage(),
  listVersions: (name) => client.listPropertiesOfCertificateVersions(name).byPage(),
});

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
import type { RenewalPolicy } from '../rules/renewal.ts';

/** The part of each SDK client that a scan may hold: no method of it reads a value. */
export type SecretMetadataClient = Pick<
  SecretClient,
  'listPropertiesOfSecrets' | 'listPropertiesOfSecretVersions'
>;
export type KeyMetadataClient = Pick<
  KeyClient,
  'listPropertiesOfKeys' | 'listPropertiesOfKeyVersions' | 'getKeyRotationPolicy'
>;
export type CertificateMetadataClient = Pick<
  CertificateClient,
  'listPropertiesOfCertificates' | 'listPropertiesOfCertificateVersions' | 'getCertificatePolicy'
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

/** Whoever takes a page may empty it. */
type ListedPages = AsyncIterable<ListedProperties[]>;

/** The listings of one kind in one vault, page by page. */
export interface MetadataListings {
  list(): ListedPages;
  listVersions(name: string): ListedPages;
  /** Absent for secrets, which have none. */
  renewalPolicy?(name: string): Promise<RenewalPolicy>;
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
 * Its client stays behind closures that can only list and read policies, and its pipeline lets nothing but such
 * requests to this vault reach the wire; redirects are not followed.
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
  async renewalPolicy(name) {
    const { lifetimeActions = [] } = await client.getKeyRotationPolicy(name);
    // A key whose policy nobody has set has one that only notifies.
    const renewing = lifetimeActions.filter(({ action }) => action === 'Rotate');
    const triggers = renewing.map(
      ({ timeBeforeExpiry: timeBeforeEnd, timeAfterCreate: timeAfterCreation }) => ({
        timeBeforeEnd,
        timeAfterCreation,
      }),
    );
    return { isEnabled: true, triggers };
  },
});

const certificateListings = (client: CertificateMetadataClient): MetadataListings => ({
  list: () => client.listPropertiesOfCertificates().byPage(),
  listVersions: (name) => client.listPropertiesOfCertificateVersions(name).byPage(),
  async renewalPolicy(name) {
    const { enabled, issuerName: issuer, lifetimeActions = [] } = await client.getCertificatePolicy(name);
    // EmailContacts is the other one: it renews nothing.
    const renewing = lifetimeActions.filter(({ action }) => action === 'AutoRenew');
    const triggers = renewing.map(({ daysBeforeExpiry: daysBeforeEnd, lifetimePercentage }) => ({
      daysBeforeEnd,
      lifetimePercentage,
    }));
    return { isEnabled: enabled !== false, issuer, triggers };
  },
});

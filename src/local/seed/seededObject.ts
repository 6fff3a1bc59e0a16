import { DAY_MS } from '../../lib/kernel/time.ts';
import type { VaultSeeder } from '../keyVault/seed.ts';
import type { CertificatePolicy } from '../keyVault/storedObject.ts';

/** One object of the seeded company. Days count from the local clock's now; they may be fractions. */
export interface SeededObject {
  readonly kind: 'secret' | 'key' | 'certificate';
  readonly name: string;
  /** Days until it ends; negative has ended; absent never ends. A certificate always has an end. */
  readonly endsInDays?: number;
  /** The date that a secret or a key ends on instead, `YYYY-MM-DD`, whatever today is. */
  readonly endsOn?: string;
  /** Days since it was made; 60 when absent. */
  readonly madeDaysAgo?: number;
  /** Days until it begins to be valid; absent: from the start. */
  readonly beginsInDays?: number;
  readonly disabled?: true;
  readonly owner?: string;
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** How many older versions are still enabled beneath it, a day apart. */
  readonly olderVersions?: number;
  /** Its policy has a certificate renewed that long before its end; absent: it sends mail only. */
  readonly renewsBeforeDays?: number;
  /** A certificate of somebody else, as PEM, with its own dates. */
  readonly pem?: string;
}

export type SeededVault = {
  readonly name: string;
  /** Who owns what names nobody, as the config file would say; absent: nobody. */
  readonly owner?: string;
  /** What a missing end is there, as the config file would say. */
  readonly mustExpire?: boolean;
  readonly objects: readonly SeededObject[];
};

const DEFAULT_AGE_DAYS = 60;
/** So that "in 12 days" does not become 11 while one looks at it. */
const MARGIN_MS = 6 * 60 * 60_000;

type Facts = Omit<SeededObject, 'kind' | 'name'>;

export const secret = (name: string, facts: Facts = {}): SeededObject => ({ kind: 'secret', name, ...facts });
export const key = (name: string, facts: Facts = {}): SeededObject => ({ kind: 'key', name, ...facts });
export const certificate = (name: string, facts: Facts): SeededObject => ({
  kind: 'certificate',
  name,
  ...facts,
});

export const seedObject = (seeder: VaultSeeder, object: SeededObject, nowEpochMs: number): void => {
  const { olderVersions = 0, madeDaysAgo = DEFAULT_AGE_DAYS } = object;
  for (let older = olderVersions; older > 0; older--)
    seedVersion(seeder, { ...object, madeDaysAgo: madeDaysAgo + older }, nowEpochMs);
  seedVersion(seeder, object, nowEpochMs);
};

const renewing = (days: number): CertificatePolicy => ({
  issuer: { name: 'DigiCert' },
  lifetime_actions: [{ trigger: { days_before_expiry: days }, action: { action_type: 'AutoRenew' } }],
});

const seedVersion = (seeder: VaultSeeder, object: SeededObject, nowEpochMs: number): void => {
  const { kind, name, endsInDays, endsOn, beginsInDays, madeDaysAgo = DEFAULT_AGE_DAYS } = object;
  const inDays = (days: number) => nowEpochMs + days * DAY_MS + MARGIN_MS;
  const createdEpochMs = nowEpochMs - madeDaysAgo * DAY_MS;
  const tags = { ...object.tags, ...(object.owner === undefined ? {} : { 'keywatch-owner': object.owner }) };
  const common = { createdEpochMs, tags, ...(object.disabled === true ? { enabled: false } : {}) };
  if (kind === 'certificate') {
    const validity = {
      notBeforeEpochMs: beginsInDays === undefined ? createdEpochMs : inDays(beginsInDays),
      notAfterEpochMs: inDays(endsInDays ?? 0),
    };
    const { renewsBeforeDays: days } = object;
    const policy = days === undefined ? {} : { policy: renewing(days) };
    return void seeder.certificate(name, { ...common, ...policy, from: object.pem ?? validity });
  }
  const dated = {
    ...common,
    ...(endsInDays === undefined ? {} : { expiresOnEpochMs: inDays(endsInDays) }),
    ...(endsOn === undefined ? {} : { expiresOnEpochMs: Date.parse(endsOn) }),
    ...(beginsInDays === undefined ? {} : { notBeforeEpochMs: inDays(beginsInDays) }),
  };
  if (kind === 'key') return void seeder.key(name, dated);
  const { contentType } = object;
  // A value that the scan must never see: tests and people can look for it in every output.
  const value = `seeded-value-of-${name}`;
  seeder.secret(name, { ...dated, value, ...(contentType === undefined ? {} : { contentType }) });
};

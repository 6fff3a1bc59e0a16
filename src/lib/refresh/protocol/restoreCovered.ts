import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { seqOf } from '../../oauth/rules/grantTagNames.ts';
import type { TokenVersion, TokenVersionProperties } from '../../stores/ports.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import { isSpent } from '../rules/vaultView.ts';
import type { Attempt } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What is not a stranger's: versions and tokens that this attempt knows, beside those of the record. */
export interface KnownTokens {
  /** The versions that hold the token that was being spent. */
  readonly versions: readonly string[];
  readonly fingerprints: readonly (string | undefined)[];
  /** Only versions up to this sequence number: one above that of the token that was spent may be another attempt's. */
  readonly seq: number;
  /** The token was refused for good, so that what it had replaced may be better than nothing. */
  readonly isRefused?: true;
}

/** `unknown`: the vault could not be asked now, so the same question has to be asked again. */
export type Restoring =
  | { readonly kind: 'nothing_below' }
  | { readonly kind: 'restored' }
  | { readonly kind: 'unknown'; readonly failure: StoreFailure };

/**
 * Looks for a token that a person wrote and one of our writes covered: Key Vault has no
 * compare-and-swap, so what is written between our look and our write ends up below it. If there is one
 * it is put on top again. It lists all versions, so it is for rare moments only: before a grant is declared
 * dead, and after a write that was made or found without a look.
 *
 * What the vault refuses for good counts as nothing below: asked again, it would refuse again.
 */
export const restoreCovered = async (
  { ports, grant }: Pick<Attempt, 'ports' | 'grant'>,
  record: ControlRecord,
  known: KnownTokens,
): Promise<Restoring> => {
  const listed = await ports.vault.listVersions(grant.secret);
  if (!listed.ok) return unanswered(listed);
  const skipped = new Set(known.isRefused ? known.versions : [...known.versions, ...record.previousVersions]);
  let sinceEpochMs = Math.min(
    ...listed.versions
      .filter(({ version }) => known.versions.includes(version))
      .map(({ createdEpochMs }) => createdEpochMs ?? Number.POSITIVE_INFINITY),
  );
  // A person may copy tags; those of a version that is newer than all that we wrote are nobody's to copy yet.
  const strangers = listed.versions
    .filter(
      ({ enabled, tags, version }) => enabled && (seqOf(tags) ?? 0) <= known.seq && !skipped.has(version),
    )
    .filter((version) => known.isRefused === true || createdOf(version) > sinceEpochMs)
    .sort((a, b) => createdOf(b) - createdOf(a) || (seqOf(b.tags) ?? 0) - (seqOf(a.tags) ?? 0));
  let found: TokenVersion | undefined;
  for (const { version } of strangers) {
    if (found !== undefined && createdOf(found) > sinceEpochMs) break;
    const read = await ports.vault.readVersion(grant.secret, version);
    if (!read.ok && read.retryable) return unanswered(read);
    if (!read.ok) continue;
    const fingerprint = fingerprintOf(record.salt, read.token.value);
    // What is older than every copy of the token that was being spent, and of those before it, was replaced by it. The
    // record names only the last copy, which may be a late write of ours, or a person's.
    if (known.fingerprints.includes(fingerprint) || isSpent(record, fingerprint)) {
      sinceEpochMs = Math.min(sinceEpochMs, createdOf(read.token));
    } else if (!isOurs(record, fingerprint, known.isRefused)) {
      found ??= read.token;
    }
  }
  if (found === undefined || createdOf(found) <= sinceEpochMs) return { kind: 'nothing_below' };
  const { value, tags, expiresOnEpochMs, contentType } = found;
  const written = await ports.vault.write(grant.secret, { value, tags, expiresOnEpochMs, contentType });
  return written.ok ? { kind: 'restored' } : unanswered(written);
};

const createdOf = ({ createdEpochMs }: TokenVersionProperties): number => createdEpochMs ?? 0;

/** The record's own token, or one before it that is of no more use. */
const isOurs = (record: ControlRecord, fingerprint: string, isRefused = false): boolean =>
  fingerprint === record.fingerprint ||
  isSpent(record, fingerprint) ||
  (fingerprint === record.previousFingerprint && !isRefused);

const unanswered = (failure: StoreFailure): Restoring =>
  failure.retryable ? { kind: 'unknown', failure } : { kind: 'nothing_below' };

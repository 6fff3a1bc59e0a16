import type { ControlRecord } from '../../domain/controlRecord.ts';
import { seqOf } from '../../domain/vaultView.ts';
import type { Attempt } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What is not a stranger's: versions and tokens that this attempt knows, beside those of the record. */
export interface KnownTokens {
  /** The versions that hold the token that was being spent. */
  readonly versions: readonly string[];
  readonly fingerprints: readonly (string | undefined)[];
}

/**
 * Looks for a token that a person wrote and one of our writes covered: Key Vault has no
 * compare-and-swap, so what is written between our look and our write ends up below it. If there is one
 * it is put on top again, and `true` is returned. It lists all versions, so it is for rare moments only:
 * before a grant is declared dead, and after a write that was made or found without a look.
 */
export const uncoverToken = async (
  { ports, grant }: Pick<Attempt, 'ports' | 'grant'>,
  record: ControlRecord,
  known: KnownTokens,
): Promise<boolean> => {
  const listed = await ports.vault.listVersions(grant.secret);
  if (!listed.ok) return false;
  const versions = new Set([...known.versions, ...record.previousVersions]);
  // Only what is newer than the token that was being spent; what is older was replaced by it.
  const sinceEpochMs = Math.min(
    ...listed.versions
      .filter(({ version }) => known.versions.includes(version))
      .map(({ createdEpochMs }) => createdEpochMs ?? Number.POSITIVE_INFINITY),
  );
  const fingerprints = [...known.fingerprints, record.fingerprint, record.previousFingerprint];
  const strangers = listed.versions
    .filter(({ enabled, tags, version }) => enabled && seqOf(tags) === undefined && !versions.has(version))
    .filter(({ createdEpochMs }) => (createdEpochMs ?? 0) > sinceEpochMs)
    .sort((a, b) => (b.createdEpochMs ?? 0) - (a.createdEpochMs ?? 0));
  for (const { version } of strangers) {
    const read = await ports.vault.readVersion(grant.secret, version);
    if (!read.ok || fingerprints.includes(fingerprintOf(record.salt, read.token.value))) continue;
    const { value, tags, expiresOnEpochMs, contentType } = read.token;
    return (await ports.vault.write(grant.secret, { value, tags, expiresOnEpochMs, contentType })).ok;
  }
  return false;
};

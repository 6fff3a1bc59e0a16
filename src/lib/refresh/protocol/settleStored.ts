import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { FailedOutcome } from '../refreshOutcome.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import { type Attempt, readLatestToken, withStoredToken } from './attempt.ts';
import { type PlacedToken, placeToken } from './placeToken.ts';
import { restoreCovered } from './restoreCovered.ts';

/** How often a token that was covered by a late write is put on top again. */
const MAXIMUM_READ_BACKS = 3;

export type Settlement =
  | { readonly kind: 'settled' }
  /** The token is in the vault; the record cannot say so yet, or must not, and the next look settles it. */
  | { readonly kind: 'unrecorded'; readonly failure: StoreFailure }
  | { readonly kind: 'unverified'; readonly problem: Pick<FailedOutcome, 'code' | 'message'> };

/**
 * The last steps, once the vault acknowledged the token: read it back, restore what it may lie on, switch off
 * the versions before the previous one, write `idle`. Until that record is acknowledged the sealed copy stays
 * where it is.
 * @param mayCover the vault was written without a look, or may have been
 */
export const recordStored = async (
  attempt: Attempt,
  record: ControlRecord,
  token: PlacedToken,
  mayCover: boolean,
): Promise<Settlement> => {
  const { ports, grant, leased } = attempt;
  const version = await readBack(attempt, record, token);
  if (version === undefined) {
    const message = `Grant ${grant.id}: the vault acknowledged the new token, but does not show it as the latest version.`;
    return { kind: 'unverified', problem: { code: 'not_read_back', message } };
  }
  const known = {
    versions: token.baseVersions,
    fingerprints: [token.fingerprint, token.baseFingerprint],
    seq: record.seq,
  };
  const below = mayCover ? await restoreCovered(attempt, record, known) : undefined;
  // The record stays as it is, and with it the question: whoever comes next asks it again.
  if (below?.kind === 'unknown') return { kind: 'unrecorded', failure: below.failure };
  // Only now is it proven that the token before this one worked, so the one before that is of no more use.
  const stillEnabled: string[] = [];
  for (const previous of record.previousVersions) {
    if (token.baseVersions.includes(previous) || previous === version) continue;
    const disabled = await ports.vault.disableVersion(grant.secret, previous);
    if (!disabled.ok && disabled.retryable) stillEnabled.push(previous);
  }
  const settled = withStoredToken(record, {
    seq: token.seq,
    version,
    fingerprint: token.fingerprint,
    previousVersions: [...token.baseVersions, ...stillEnabled],
    refreshedAtEpochMs: token.refreshedAtEpochMs,
    deadlineEpochMs: token.deadlineEpochMs,
    reconciledAtEpochMs: below?.kind === 'restored' ? undefined : leased.storeNowEpochMs(),
  });
  const written = await leased.write(settled);
  return written.ok ? { kind: 'settled' } : { kind: 'unrecorded', failure: written };
};

/** The version that holds the token as the latest one, after putting it there again if need be. */
const readBack = async (
  attempt: Attempt,
  record: ControlRecord,
  token: PlacedToken,
): Promise<string | undefined> => {
  for (let look = 0; look < MAXIMUM_READ_BACKS; look++) {
    const read = await readLatestToken(attempt, record.salt);
    if (!read.ok) return undefined;
    if (read.latest.fingerprint === token.fingerprint) return read.latest.version;
    const placed = await placeToken(attempt, record, token);
    if (placed.kind !== 'stored') return undefined;
  }
  return undefined;
};

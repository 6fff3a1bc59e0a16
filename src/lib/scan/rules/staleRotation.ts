import type { Finding } from '../../credentials/findings.ts';
import { humanDuration } from '../../kernel/humanDuration.ts';
import { DAY_MS } from '../../kernel/time.ts';

/** What is known of a grant that another system refreshes and writes to the vault. */
export interface ObservedGrant {
  readonly grantId: string;
  /** When the latest version was written; absent: the vault did not say, and nothing is claimed. */
  readonly writtenAtEpochMs: number | undefined;
  readonly expiresOnEpochMs: number | undefined;
  /** Days between two rotations that are allowed; absent: half of the lifetime. */
  readonly rotationCycleDays: number | undefined;
  /** Of the provider, for when neither a cycle nor an expiry is known. */
  readonly idleDays: number | undefined;
}

/**
 * The `stale_rotation` finding of an observed grant: its stored copy is older than its cycle allows,
 * so whoever refreshes it has stopped, or has stopped writing. Absent: fresh, or nothing to judge by.
 */
export const staleRotation = (grant: ObservedGrant, nowEpochMs: number): Finding | undefined => {
  const { writtenAtEpochMs } = grant;
  const allowedMs = allowedAgeMs(grant);
  if (writtenAtEpochMs === undefined || allowedMs === undefined) return undefined;
  const ageMs = nowEpochMs - writtenAtEpochMs;
  if (ageMs <= allowedMs) return undefined;
  const detail = `The stored token of grant ${grant.grantId} is ${humanDuration(ageMs)} old; its cycle allows ${humanDuration(allowedMs)}. Ask the system that refreshes it.`;
  return { code: 'stale_rotation', detail };
};

/** The same finding of a copy that nobody can read. */
export const unreadableCopy = (
  grantId: string,
  { vault, name, isThere }: { readonly vault: string; readonly name: string; readonly isThere: boolean },
): Finding => ({
  code: 'stale_rotation',
  detail: `Secret ${name} of ${vault}, which should hold the token of grant ${grantId}, is ${isThere ? 'disabled' : 'not there'}.`,
});

const allowedAgeMs = (grant: ObservedGrant): number | undefined => {
  if (grant.rotationCycleDays !== undefined) return grant.rotationCycleDays * DAY_MS;
  const { writtenAtEpochMs, expiresOnEpochMs } = grant;
  if (writtenAtEpochMs !== undefined && expiresOnEpochMs !== undefined) {
    return Math.max(0, expiresOnEpochMs - writtenAtEpochMs) / 2;
  }
  return grant.idleDays === undefined ? undefined : (grant.idleDays * DAY_MS) / 2;
};

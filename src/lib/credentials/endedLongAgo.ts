import type { Finding } from './findings.ts';
import { type CredentialStatus, needsAttention, type Suppression } from './statuses.ts';

/** Whether an end is so long past that whoever used the credential would have noticed. Absent: without an end. */
export const isLongPast = (alertUntilEpochMs: number | undefined, nowEpochMs: number): boolean =>
  alertUntilEpochMs !== undefined && nowEpochMs >= alertUntilEpochMs;

interface Judged {
  readonly status: CredentialStatus;
  readonly suppressed: Suppression | undefined;
  readonly alertUntilEpochMs?: number | undefined;
  readonly findings: readonly Finding[];
}

/** What ended and broke nothing since is a finding, and no alert. A dead grant stays broken until somebody consents. */
export const hasEndedLongAgo = (
  { status, alertUntilEpochMs, findings }: Judged,
  nowEpochMs: number,
): boolean =>
  status === 'expired' &&
  isLongPast(alertUntilEpochMs, nowEpochMs) &&
  !findings.some(({ code }) => code === 'dead_grant');

/** Whether somebody has to act on it now. */
export const asksForAttention = (one: Judged, nowEpochMs: number): boolean =>
  needsAttention(one) && !hasEndedLongAgo(one, nowEpochMs);

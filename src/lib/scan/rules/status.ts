import type { CredentialStatus } from '../../credentials/statuses.ts';

/** The facts that decide a status. Times are epoch milliseconds; absent means that there is none. */
export interface StatusFacts {
  readonly enabled: boolean;
  readonly notBeforeEpochMs: number | undefined;
  readonly expiresOnEpochMs: number | undefined;
  /** Time before the end at which it is a warning, and critical; absent without an expiry. */
  readonly warningMs: number | undefined;
  readonly criticalMs: number | undefined;
  /** True of what lives as long as it is used, and is: without a known end it is valid. */
  readonly mayLackEnd?: boolean;
  /** What the config says of a missing end; absent: nothing. */
  readonly mustExpire?: boolean | undefined;
}

/**
 * Decides where a credential stands at one instant. The first that applies wins: disabled, expired
 * (at its end, not after it: RFC 7519 §4.1.4), not yet valid, without expiry, critical, warning.
 */
export const classifyStatus = (facts: StatusFacts, nowEpochMs: number): CredentialStatus => {
  const { enabled, notBeforeEpochMs, expiresOnEpochMs, warningMs = 0, criticalMs = 0 } = facts;
  if (!enabled) return 'disabled';
  if (expiresOnEpochMs !== undefined && nowEpochMs >= expiresOnEpochMs) return 'expired';
  if (notBeforeEpochMs !== undefined && nowEpochMs < notBeforeEpochMs) return 'not_yet_valid';
  if (expiresOnEpochMs === undefined) return statusWithoutEnd(facts);
  const leftMs = expiresOnEpochMs - nowEpochMs;
  if (leftMs <= criticalMs) return 'critical';
  return leftMs <= warningMs ? 'warning' : 'valid';
};

const statusWithoutEnd = ({ mayLackEnd, mustExpire }: StatusFacts): CredentialStatus => {
  if (mayLackEnd === true || mustExpire === false) return 'valid';
  return mustExpire === true ? 'end_missing' : 'no_expiry';
};

import { clockAheadAsAbsent } from '../../kernel/instant.ts';
import type { ControlReading } from './controlRecordText.ts';

/** How a grant stands between two attempts, as far as its control record alone tells. */
export interface GrantState {
  /** Outcome of the last attempt; absent when none was made. */
  readonly outcome: 'refreshed' | 'not_stored' | 'ambiguous' | 'dead' | undefined;
  readonly reason: string | undefined;
  readonly refreshedAtEpochMs: number | undefined;
  readonly deadlineEpochMs: number | undefined;
  /** The end that no refresh moves; absent: none is known. */
  readonly consentEndsAtEpochMs: number | undefined;
  /** Somebody is needed: worth telling at every run. */
  readonly isWrong: boolean;
}

/** Longer than any worker holds a lease: a token that is sealed for longer has no worker any more. */
const SEALED_TOO_LONG_MS = 5 * 60_000;

/**
 * What a run of the refresh timer can say of a grant. `undefined`: nothing, because a worker is at it,
 * its record cannot be read, or its last attempts failed (those speak for themselves, and are repeated).
 */
export const grantState = (reading: ControlReading, nowEpochMs: number): GrantState | undefined => {
  const none = {
    reason: undefined,
    refreshedAtEpochMs: undefined,
    deadlineEpochMs: undefined,
    consentEndsAtEpochMs: undefined,
  };
  if (reading.kind === 'none') return { outcome: undefined, isWrong: false, ...none };
  if (reading.kind === 'unreadable') return undefined;
  const { phase, refreshedAtEpochMs, deadlineEpochMs, consentEndsAtEpochMs, failures } = reading.record;
  const known = { refreshedAtEpochMs, deadlineEpochMs, consentEndsAtEpochMs };
  const wrong = { isWrong: true, ...known };
  switch (phase.state) {
    case 'dead':
      return { outcome: 'dead', reason: phase.oauthError ?? phase.reason, ...wrong };
    case 'intent':
      if (!phase.reported) return undefined;
      return { outcome: 'ambiguous', reason: failures.lastCode, ...wrong };
    case 'sealed': {
      const sealedAtEpochMs = clockAheadAsAbsent(phase.refreshedAtEpochMs, nowEpochMs) ?? 0;
      if (nowEpochMs - sealedAtEpochMs < SEALED_TOO_LONG_MS) return undefined;
      const { deadlineEpochMs: ends } = phase;
      return { outcome: 'not_stored', reason: failures.lastCode, ...wrong, deadlineEpochMs: ends };
    }
    case 'idle': {
      if (failures.consecutive > 0) return undefined;
      const outcome = refreshedAtEpochMs === undefined ? undefined : 'refreshed';
      return { outcome, reason: undefined, isWrong: false, ...known };
    }
  }
};

/** True of one run in each hour, or day: enough for what is in order, or lasts. */
export const isFirstRunOf = (unitMs: number, nowEpochMs: number, periodSeconds: number): boolean =>
  Math.floor(nowEpochMs / unitMs) !== Math.floor((nowEpochMs - periodSeconds * 1000) / unitMs);

import { keysOf } from '../kernel/keysOf.ts';
import type { Severity } from './severities.ts';

interface StatusRow {
  readonly meaning: string;
  /** In front of it where people read; colour only repeats it. */
  readonly mark: string;
  readonly severity: Severity;
  /** Whether somebody has to act before the credential breaks, or because it has. */
  readonly needsAction: boolean;
  /** The alert rule that speaks of it, whose runbook helps. */
  readonly rule?: string;
  /** What its owner does, in one sentence; absent where nobody has to. */
  readonly action?: string;
}

/**
 * Where a credential stands today. Worst first: the order of every table and of every count.
 * An absent expiry is a status of its own, never "far future": `classifyStatus` says in which order they apply.
 */
export const CREDENTIAL_STATUSES = {
  expired: {
    meaning: 'it has ended',
    mark: '✗',
    severity: 'error',
    needsAction: true,
    rule: 'credential-expired',
    action: 'Renew it now: whoever uses it is refused. What nobody uses any more, disable.',
  },
  critical: {
    meaning: 'it ends very soon',
    mark: '!',
    severity: 'error',
    needsAction: true,
    rule: 'credential-critical',
    action: 'Renew it today, and see that its consumers take the new one.',
  },
  end_missing: {
    meaning: 'no end is set, and the config says that it must have one',
    mark: '?',
    severity: 'warning',
    needsAction: true,
    rule: 'credential-without-end',
    action: 'Give it an end; the finding "No expiry" says how.',
  },
  warning: {
    meaning: 'it ends soon',
    mark: '▲',
    severity: 'warning',
    needsAction: true,
    rule: 'credential-expiring',
    action: 'Plan its renewal with those who use it.',
  },
  no_expiry: { meaning: 'no end is set', mark: '∞', severity: 'warning', needsAction: false },
  not_yet_valid: { meaning: 'it has not begun', mark: '…', severity: 'none', needsAction: false },
  valid: { meaning: 'nothing is to be done', mark: '✓', severity: 'ok', needsAction: false },
  disabled: { meaning: 'nobody can use it', mark: '-', severity: 'none', needsAction: false },
} as const satisfies Readonly<Record<string, StatusRow>>;

export type CredentialStatus = keyof typeof CREDENTIAL_STATUSES;

export const STATUSES_WORST_FIRST = keysOf(CREDENTIAL_STATUSES);

/** Why a credential that would need attention does not ask for any. */
export const SUPPRESSIONS = {
  snoozed: { meaning: 'its owner put the warning off until a date' },
  ignored: { meaning: 'its owner wants no alert' },
  renews_itself: { meaning: 'it renews itself, by its policy, a tag or a rule, and that is not late' },
  superseded: { meaning: 'a newer credential of the same application took over from it' },
} as const;

export type Suppression = keyof typeof SUPPRESSIONS;

/** True when somebody has to act: a status that asks for it, and nothing that suppresses it. */
export const needsAttention = (one: {
  readonly status: CredentialStatus;
  readonly suppressed: Suppression | undefined;
}): boolean => one.suppressed === undefined && CREDENTIAL_STATUSES[one.status].needsAction;

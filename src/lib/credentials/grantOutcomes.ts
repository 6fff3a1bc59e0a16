import type { Severity } from './severities.ts';

interface GrantOutcomeRow {
  readonly meaning: string;
  readonly severity: Severity;
  /** The alert rule that speaks of it, whose runbook helps. */
  readonly rule?: string;
}

/** What an attempt at a grant can end with; reported when it ends, and again for as long as it lasts. */
export const GRANT_OUTCOMES = {
  refreshed: { meaning: 'a token was obtained and stored', severity: 'ok' },
  recovered: { meaning: 'a token sealed by an earlier attempt was stored', severity: 'ok' },
  transient_failure: { meaning: 'will be tried again', severity: 'warning', rule: 'refresh-failing' },
  misconfigured: {
    meaning: 'our own client is refused, the token was not touched',
    severity: 'error',
    rule: 'refresh-failing',
  },
  preflight_failed: {
    meaning: 'the store would have refused the new token, nothing was spent',
    severity: 'error',
    rule: 'refresh-failing',
  },
  not_stored: {
    meaning: 'a rotated token is held in one place only, or in memory',
    severity: 'error',
    rule: 'rotated-token-not-stored',
  },
  ambiguous: {
    meaning: 'the request may have been carried out and its answer is lost',
    severity: 'error',
    rule: 'refresh-ambiguous',
  },
  dead: {
    meaning: 'the authorization server refuses the token for good',
    severity: 'error',
    rule: 'grant-dead',
  },
} as const satisfies Readonly<Record<string, GrantOutcomeRow>>;

import type { Severity } from './severities.ts';

/** What an attempt at a grant can end with; reported when it ends, and again for as long as it lasts. */
export const GRANT_OUTCOMES = {
  refreshed: { meaning: 'a token was obtained and stored', severity: 'ok' },
  recovered: { meaning: 'a token sealed by an earlier attempt was stored', severity: 'ok' },
  transient_failure: { meaning: 'will be tried again', severity: 'warning' },
  misconfigured: { meaning: 'our own client is refused, the token was not touched', severity: 'error' },
  preflight_failed: {
    meaning: 'the store would have refused the new token, nothing was spent',
    severity: 'error',
  },
  not_stored: { meaning: 'a rotated token is held in one place only, or in memory', severity: 'error' },
  ambiguous: {
    meaning: 'the request may have been carried out and its answer is lost',
    severity: 'error',
  },
  dead: { meaning: 'the authorization server refuses the token for good', severity: 'error' },
} as const satisfies Readonly<Record<string, { readonly meaning: string; readonly severity: Severity }>>;

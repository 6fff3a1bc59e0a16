/** What an attempt at a grant can end with; reported when it ends, and again for as long as it lasts. */
export const GRANT_OUTCOMES = {
  refreshed: { meaning: 'a token was obtained and stored' },
  recovered: { meaning: 'a token sealed by an earlier attempt was stored' },
  transient_failure: { meaning: 'will be tried again' },
  misconfigured: { meaning: 'our own client is refused, the token was not touched' },
  preflight_failed: { meaning: 'the store would have refused the new token, nothing was spent' },
  not_stored: { meaning: 'a rotated token is held in one place only, or in memory' },
  ambiguous: { meaning: 'the request may have been carried out and its answer is lost' },
  dead: { meaning: 'the authorization server refuses the token for good' },
} as const;

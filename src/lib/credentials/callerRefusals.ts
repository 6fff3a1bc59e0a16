interface CallerRefusalRow {
  /** What is wrong, in words that a caller may read: ASCII without quotes, as a challenge carries them. @see RFC 6750 §3 */
  readonly meaning: string;
  /** 401 until it is sure who calls, 403 from then on, 503 where nobody can tell. */
  readonly status: 401 | 403 | 503;
  /** What to do about it, in one sentence. */
  readonly action: string;
}

const NEW_TOKEN = 'Get a new token and ask again.';
const FORGED = 'Get a token from Entra ID itself; where that was done, somebody changed it on its way.';

/** Why a caller is turned away. */
export const CALLER_REFUSALS = {
  nobody: {
    meaning: 'no bearer token and no session came with the request',
    status: 401,
    action: 'Send one header Authorization with a token for the client id of Keywatch, or sign in.',
  },
  not_configured: {
    meaning: 'the configuration names nobody who may call',
    status: 401,
    action: 'Name the app registration under callers in the config file (docs/callers.md).',
  },
  token_malformed: {
    meaning: 'the header Authorization is not one bearer token of three parts',
    status: 401,
    action: 'Send one header Authorization with the word Bearer and one signed access token.',
  },
  token_too_long: {
    meaning: 'the token is longer than 8 kB',
    status: 401,
    action: 'Leave the claim groups out of the tokens of the registration: roles are enough.',
  },
  algorithm_refused: { meaning: 'the token is not signed with RS256', status: 401, action: FORGED },
  header_refused: {
    meaning: 'the header of the token names a key or an extension of its own (crit, jku, jwk, x5u)',
    status: 401,
    action: FORGED,
  },
  key_unnamed: {
    meaning: 'the token does not name the key that signed it (kid)',
    status: 401,
    action: FORGED,
  },
  key_unknown: {
    meaning: 'the tenant has no such signing key',
    status: 401,
    action:
      'Compare the tenant that issued the token with callers.tenantId; a new key is known within half a minute.',
  },
  keys_unavailable: {
    meaning: 'the signing keys of the tenant cannot be read just now',
    status: 503,
    action: 'Ask again in a few seconds.',
  },
  signature_wrong: { meaning: 'the signature does not fit the token', status: 401, action: FORGED },
  issuer_wrong: {
    meaning: 'the token is of another issuer, or of version 1.0',
    status: 401,
    action:
      'Ask the tenant of callers.tenantId, and set requestedAccessTokenVersion of the registration to 2.',
  },
  audience_wrong: {
    meaning: 'the token is for somebody else',
    status: 401,
    action: 'Ask for the scope CLIENT_ID/.default, with the client id of callers.clientId.',
  },
  tenant_wrong: {
    meaning: 'the token is of another tenant',
    status: 401,
    action: 'Sign in at the tenant of callers.tenantId.',
  },
  expired: { meaning: 'the token has ended', status: 401, action: NEW_TOKEN },
  end_missing: { meaning: 'the token does not say when it ends (exp)', status: 401, action: FORGED },
  not_yet_valid: {
    meaning: 'the token holds only later',
    status: 401,
    action: 'Compare the clock of whoever made the token with the time.',
  },
  claims_malformed: {
    meaning: 'a claim of the token cannot be understood',
    status: 401,
    action: FORGED,
  },
  no_access_token: {
    meaning: 'this is no access token: it has a nonce, or names no client (azp)',
    status: 401,
    action: 'Send the access token, not the ID token of a sign-in.',
  },
  kind_unknown: {
    meaning: 'the token says neither that a program has it (idtyp app) nor in whose name (scp)',
    status: 401,
    action: 'Switch the optional claim idtyp on for the access tokens of the registration (docs/callers.md).',
  },
  identity_missing: {
    meaning: 'the token does not say who has it (oid)',
    status: 401,
    action: 'Ask Entra ID for the token as a service principal or a person of the tenant.',
  },
  session_ended: {
    meaning: 'the session has ended, or never was one',
    status: 401,
    action: 'Sign in again.',
  },
  other_site: {
    meaning: 'a change was asked for with the session of a browser, and not by a page of Keywatch',
    status: 403,
    action:
      'Open the page of Keywatch and use its form, in a browser that says where a form is from (Safari from 16.4 on); a program sends a bearer token.',
  },
  role_missing: {
    meaning: 'the caller is known and does not have the role that this needs',
    status: 403,
    action: 'Assign the app role, or name the object id of the caller in the config file (docs/callers.md).',
  },
} as const satisfies Readonly<Record<string, CallerRefusalRow>>;

export type CallerRefusal = keyof typeof CALLER_REFUSALS;

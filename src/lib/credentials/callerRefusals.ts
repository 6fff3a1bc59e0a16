interface CallerRefusalRow {
  /** What is wrong, in words that a caller may read: ASCII without quotes, as a challenge carries them. @see RFC 6750 §3 */
  readonly meaning: string;
  /** 401 until it is sure who calls, 403 from then on, 503 where nobody can tell. */
  readonly status: 401 | 403 | 503;
  /** What to do about it, in one sentence. */
  readonly action: string;
}

const refusal =
  (status: CallerRefusalRow['status']) =>
  (meaning: string, action: string): CallerRefusalRow => ({ status, meaning, action });

const unauthorized = refusal(401);
const forbidden = refusal(403);
const unavailable = refusal(503);

const NEW_TOKEN = 'Get a new token and ask again.';
const FORGED = 'Get a token from Entra ID itself; where that was done, somebody changed it on its way.';

/** Why a caller is turned away. */
export const CALLER_REFUSALS = {
  nobody: unauthorized(
    'no bearer token and no session came with the request',
    'Send one header Authorization with a token for the client id of Keywatch, or sign in.',
  ),
  not_configured: unauthorized(
    'the configuration names nobody who may call',
    'Name the app registration under callers in the config file (docs/callers.md).',
  ),
  token_malformed: unauthorized(
    'the header Authorization is not one bearer token of three parts',
    'Send one header Authorization with the word Bearer and one signed access token.',
  ),
  token_too_long: unauthorized(
    'the token is longer than 8 kB',
    'Leave the claim groups out of the tokens of the registration: roles are enough.',
  ),
  algorithm_refused: unauthorized('the token is not signed with RS256', FORGED),
  header_refused: unauthorized(
    'the header of the token names a key or an extension of its own (crit, jku, jwk, x5u)',
    FORGED,
  ),
  key_unnamed: unauthorized('the token does not name the key that signed it (kid)', FORGED),
  key_unknown: unauthorized(
    'the tenant has no such signing key',
    'Compare the tenant that issued the token with callers.tenantId; a new key is known within half a minute.',
  ),
  keys_unavailable: unavailable(
    'the signing keys of the tenant cannot be read just now',
    'Ask again in a few seconds.',
  ),
  signature_wrong: unauthorized('the signature does not fit the token', FORGED),
  issuer_wrong: unauthorized(
    'the token is of another issuer, or of version 1.0',
    'Ask the tenant of callers.tenantId, and set requestedAccessTokenVersion of the registration to 2.',
  ),
  audience_wrong: unauthorized(
    'the token is for somebody else',
    'Ask for the scope CLIENT_ID/.default, with the client id of callers.clientId.',
  ),
  tenant_wrong: unauthorized('the token is of another tenant', 'Sign in at the tenant of callers.tenantId.'),
  expired: unauthorized('the token has ended', NEW_TOKEN),
  end_missing: unauthorized('the token does not say when it ends (exp)', FORGED),
  not_yet_valid: unauthorized(
    'the token holds only later',
    'Compare the clock of whoever made the token with the time.',
  ),
  claims_malformed: unauthorized('a claim of the token cannot be understood', FORGED),
  no_access_token: unauthorized(
    'this is no access token: it has a nonce, or names no client (azp)',
    'Send the access token, not the ID token of a sign-in.',
  ),
  kind_unknown: unauthorized(
    'the token says neither that a program has it (idtyp app) nor in whose name (scp)',
    'Switch the optional claim idtyp on for the access tokens of the registration (docs/callers.md).',
  ),
  identity_missing: unauthorized(
    'the token does not say who has it (oid)',
    'Ask Entra ID for the token as a service principal or a person of the tenant.',
  ),
  sessions_unavailable: unavailable(
    'it cannot be told just now whose session this is',
    'Ask again in a few seconds: the session goes on.',
  ),
  session_ended: unauthorized('the session has ended, or never was one', 'Sign in again.'),
  other_site: forbidden(
    'a change was asked for with the session of a browser, and not by a page of Keywatch',
    'Open the page of Keywatch and use its form, in a browser that says where a form is from (Safari from 16.4 on); a program sends a bearer token.',
  ),
  role_missing: forbidden(
    'the caller is known and does not have the role that this needs',
    'Assign the app role, or name the object id of the caller in the config file (docs/callers.md).',
  ),
} as const;

export type CallerRefusal = keyof typeof CALLER_REFUSALS;

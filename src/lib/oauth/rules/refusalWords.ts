/** Whose fault a refusal is: the refresh token's, our own credential's, the request's, or the hour's. */
export type RefusalClass = 'dead' | 'client' | 'configuration' | 'retry_later';

/** `unclear`: the server failed on its way, and may have used the token up before it did. */
export type Refusal = RefusalClass | 'unclear';

export interface RefusalWordRow {
  readonly means: Refusal;
  /** Error codes; compared without regard to case, blanks, dots, dashes and underscores. */
  readonly codes: readonly string[];
  /** Where the words come from. */
  readonly source: string;
}

/** Error codes of token endpoints, in the standard and in the wild. A profile's own words come before these. */
export const REFUSAL_WORDS: readonly RefusalWordRow[] = [
  { means: 'dead', codes: ['invalid_grant'], source: 'RFC 6749 §5.2' },
  { means: 'dead', codes: ['invalid_token', 'expired_token'], source: 'RFC 6750 §3.1, RFC 8628 §3.5' },
  {
    means: 'dead',
    codes: [
      'refresh_token_reused',
      'refresh_token_expired',
      'refresh_token_invalidated',
      'refresh_token_revoked',
      'token_expired',
    ],
    source: 'https://github.com/openai/codex/pull/24830, https://github.com/decolua/9router/pull/1821',
  },
  {
    means: 'dead',
    codes: ['invalid_refresh_token', 'expired_refresh_token', 'bad_refresh_token'],
    source: 'Slack, Apigee, GitHub and HubSpot, see docs/providers.md',
  },
  // A person has to sign in, or a policy has to change: until then, and only until then, the token is refused.
  {
    means: 'dead',
    codes: ['interaction_required', 'login_required', 'consent_required', 'mfa_required'],
    source:
      'OpenID Connect Core §3.1.2.6, said at token endpoints by Entra, Tesla (https://github.com/teslamotors/vehicle-command/issues/160) and Auth0 (https://github.com/auth0/auth0-react/issues/501)',
  },
  { means: 'client', codes: ['invalid_client', 'unauthorized_client'], source: 'RFC 6749 §5.2' },
  {
    means: 'client',
    codes: [
      'invalid_client_id',
      'invalid_client_secret',
      'bad_client_id',
      'bad_client_secret',
      'incorrect_client_credentials',
      'deleted_client',
      'disabled_client',
    ],
    source: 'Slack, GitHub, Zoho, Google (https://github.com/xyou365/AutoRclone/issues/98)',
  },
  {
    means: 'configuration',
    codes: ['invalid_request', 'unsupported_grant_type', 'invalid_scope', 'access_denied'],
    source: 'RFC 6749 §4.1.2.1 and §5.2',
  },
  { means: 'retry_later', codes: ['temporarily_unavailable'], source: 'RFC 6749 §4.1.2.1' },
  { means: 'retry_later', codes: ['slow_down'], source: 'RFC 8628 §3.5' },
  {
    means: 'retry_later',
    codes: ['ratelimited', 'rate_limit', 'rate_limit_exceeded', 'too_many_requests', 'throttled'],
    source: 'Slack; the reason phrase of RFC 6585 §4, which Spring and others repeat as `error`',
  },
  // A gateway says these as well as the server, and after the server as well as instead of it.
  {
    means: 'unclear',
    codes: ['server_error', 'internal_error', 'internal_server_error', 'fatal_error', 'service_unavailable'],
    source: 'RFC 6749 §4.1.2.1; Slack; the reason phrases of RFC 9110 §15.6',
  },
  {
    means: 'unclear',
    codes: [
      'bad_gateway',
      'gateway_timeout',
      'request_timeout',
      'timeout',
      'unknown_error',
      'unexpected_error',
    ],
    source:
      'the reason phrases of RFC 9110 §15.5.9 and §15.6, which gateways repeat as `error`, with 200 too',
  },
];

/** `refresh_token`, `refreshToken` and `Refresh Token` are one word. */
export const plainWord = (text: string): string => text.toLowerCase().replaceAll(/[\s._-]/g, '');

const CLASS_OF: ReadonlyMap<string, Refusal> = new Map(
  REFUSAL_WORDS.flatMap(({ codes, means }) =>
    codes.map((code): [string, Refusal] => [plainWord(code), means]),
  ),
);

/** Where a gateway writes its HTTP status into the body. */
const STATUS_OF_FAILURE = /^(?:408|425|499|5\d\d)$/;

/** The class of an error code that is known wherever it comes from; absent: it is not. */
export const classOfCode = (code: string): Refusal | undefined =>
  CLASS_OF.get(plainWord(code)) ?? (STATUS_OF_FAILURE.test(code) ? 'unclear' : undefined);

/**
 * Codes that say little: a description beside them may say that it is the refresh token.
 * Atlassian says `unauthorized_client`, ServiceNow `server_error`, DeviantArt and X `invalid_request`.
 * @see https://github.com/raycast/extensions/issues/11836
 * @see https://github.com/wix-incubator/DeviantArt-API/issues/58
 * @see https://github.com/obot-platform/obot/issues/7501
 */
const VAGUE = new Set(
  ['unauthorized_client', 'access_denied', 'invalid_request', 'server_error'].map(plainWord),
);

const LEADING_CODE = /^([a-z]{2,30}(?:_[a-z]{1,30}){1,5})(?::| [-–—(])/i;

/** Names in front of a code, which say whose it is. */
const QUALIFIED = /^[\w-]+(?:[.:][\w-]+){1,6}$/;

const endsOf = (text: string): string[] =>
  QUALIFIED.test(text) ? [...text.matchAll(/[.:]/g)].map(({ index }) => text.slice(index + 1)) : [];

/**
 * A known code that begins a sentence, as in `invalid_grant - The token was revoked`, or ends a name, as in
 * `error.invalid.grant` (Somfy); absent: there is none.
 * @see https://github.com/UsefulSoftwareCo/executor/pull/1507
 */
export const codeInside = (text: string): string | undefined => {
  const start = text.slice(0, 200);
  const codes = [LEADING_CODE.exec(start)?.[1], ...endsOf(start)].filter((code) => code !== undefined);
  return codes.find((code) => classOfCode(code) !== undefined);
};

export const isVagueCode = (code: string): boolean =>
  VAGUE.has(plainWord(code)) || !CLASS_OF.has(plainWord(code));

const FATE =
  'invalid|expired|revoked|unknown|inactive|reused|redeemed|consumed|rotated|superseded|not found|not valid|not active|no longer valid|does not exist|already (?:been )?used';
const REFRESH_TOKEN = 'refresh ?token';
/** Said of the token before its name: `Old refresh token used`. */
const FORMER = 'old|previous|previously used|stale';
const DEAD_TOKEN = new RegExp(
  `\\b${REFRESH_TOKEN}\\b.{0,60}\\b(?:${FATE})\\b|\\b(?:${FATE}|${FORMER})(?: or \\w{1,20})? ["'\`]?${REFRESH_TOKEN}\\b|^value passed for the token was invalid|^(?:\\w{1,20} )?session (?:has )?(?:not found|expired)\\b`,
  'i',
);
/** The request is at fault, or the client is: then the token is not judged. */
const OTHER_FAULT = /\b(?:missing|required|parameter|client(?! id))\b/i;

/** `REFRESH_TOKEN_NOT_FOUND` and `refreshTokenNotFound` as a sentence says it. */
const spoken = (text: string): string => text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll(/[_-]/g, ' ');

/**
 * Whether a description, or a code, says that the refresh token itself is of no more use.
 * @see https://github.com/picqer/exact-php-client/issues/644
 * @see https://github.com/better-auth/better-auth/pull/8103
 * @see https://github.com/authlib/authlib/issues/112
 * @see https://github.com/openai/codex/pull/27351 (`app_session_expired`)
 */
export const saysTokenIsDead = (description: string): boolean => {
  const said = spoken(description);
  return DEAD_TOKEN.test(said) && !OTHER_FAULT.test(said);
};

const NOT_NOW =
  /(?:\b|_)rate[ _-]?(?:limit|exceeded)|\btoo many (?:\w{1,12} )?requests\b|\bconcurrent requests?\b|\bthrottled\b/i;

/**
 * Whether a description says that the request came too early, too often, or at the same time as another.
 * @see https://github.com/websmurf/laravel-exact-online/issues/31
 * @see https://github.com/restforce/restforce/issues/412
 * @see https://github.com/ory/fosite `handler/oauth2/flow_refresh.go`
 */
export const saysNotNow = (description: string): boolean => NOT_NOW.test(description);

const COME_BACK = /\b(?:retry your request|try again later|temporarily unavailable)\b/i;

/**
 * Whether a description of an error that nobody knows asks to come back.
 * @see https://github.com/amazon-connect/amazon-connect-salesforce-lambda/issues/43
 */
export const saysComeBack = (description: string): boolean => COME_BACK.test(spoken(description));

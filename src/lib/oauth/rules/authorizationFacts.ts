/** Where the id of the account stands that a person consented with, as a JSON pointer. */
export interface AccountIdentity {
  /** The answer of the token endpoint, the claims of the ID token in it, or the query of the callback. */
  readonly from: 'answer' | 'id_token' | 'callback';
  readonly at: string;
}

/**
 * How a person is asked for a consent, and what comes back. Data only: presets and config give it.
 * @see RFC 6749 §4.1, RFC 7636 (PKCE), RFC 9207 (`iss`)
 */
export interface AuthorizationFacts {
  /** https only (loopback http in local mode). May hold `{name}` placeholders. */
  readonly endpoint: string;
  /** Sent beside the standard parameters; may not replace one of those. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Without which no refresh token, or no ID token, comes: asked for besides those of the grant. */
  readonly scopes?: readonly string[] | undefined;
  /** What a scope is joined with; a space when absent. */
  readonly scopeSeparator?: ' ' | ',' | undefined;
  /** `scope` when absent. */
  readonly scopeParameter?: 'scope' | 'user_scope' | undefined;
  /** `S256` when absent: a server ignores parameters that it does not know (RFC 6749 §3.1). */
  readonly pkce?: 'S256' | 'none' | undefined;
  /** Of the `iss` in the callback. Absent: one that comes has to be at the origin of the endpoint. May hold placeholders. */
  readonly issuer?: string | undefined;
  /** `optional` when absent. */
  readonly issParameter?: 'required' | 'optional' | undefined;
  /** Members of the callback that are shown to the person, as consumers need them. */
  readonly callbackFields?: readonly string[] | undefined;
  /** Member of the callback that names the server of the account: it has to be the token endpoint's; nothing is sent there. */
  readonly tokenServerField?: string | undefined;
  /** Absent: whose consent it is cannot be told. */
  readonly accountIdentity?: AccountIdentity | undefined;
}

/** What the request is made of: no setting may replace one of these. */
export const REQUEST_PARAMETERS = [
  'response_type',
  'response_mode',
  'client_id',
  'redirect_uri',
  'scope',
  'user_scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
] as const;

import type { AuthorizationFacts } from '../../oauth/rules/authorizationFacts.ts';
import type { ProviderProfile } from '../../oauth/rules/providerProfile.ts';

/** What one attempt asks with. */
export interface AuthorizationAttempt {
  readonly clientId: string;
  /** Scopes of the grant, without those that the provider always takes. */
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  readonly state: string;
  /** base64url of SHA-256 of the verifier. @see RFC 7636 §4.2 */
  readonly codeChallenge: string;
  /** Sent where the ID token says whose consent it is. @see OpenID Connect Core §3.1.2.1 */
  readonly nonce: string;
}

/** Whether the ID token has to be that of this very request: it names the account. */
export const hasNonce = ({ accountIdentity }: Pick<AuthorizationFacts, 'accountIdentity'>): boolean =>
  accountIdentity?.from === 'id_token';

const askedScopes = (
  { scopes: always = [] }: Pick<AuthorizationFacts, 'scopes'>,
  scopes: readonly string[],
): readonly string[] => [...new Set([...always, ...scopes])];

/**
 * The scope that the proof call wants and a consent leaves out; absent: it has it, or asks for no scope, which brings
 * what the client may have.
 */
export const unaskedProofScope = (
  { authorization, proofCall }: Pick<ProviderProfile, 'authorization' | 'proofCall'>,
  scopes: readonly string[] = [],
): string | undefined => {
  const asked = authorization === undefined ? [] : askedScopes(authorization, scopes);
  const wanted = proofCall?.scope;
  return wanted === undefined || asked.length === 0 || asked.includes(wanted) ? undefined : wanted;
};

/**
 * The address that a person is sent to. Everything in it is the profile's, the config's or this attempt's own.
 * @see RFC 6749 §4.1.1, RFC 7636 §4.3
 */
export const authorizationRequest = (
  facts: AuthorizationFacts,
  { clientId, scopes, redirectUri, state, codeChallenge, nonce }: AuthorizationAttempt,
): string => {
  const { parameters = {}, scopeParameter = 'scope', scopeSeparator = ' ', pkce = 'S256' } = facts;
  const asked = askedScopes(facts, scopes).join(scopeSeparator);
  const url = new URL(facts.endpoint);
  const query = {
    ...parameters,
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    ...(asked === '' ? {} : { [scopeParameter]: asked }),
    state,
    ...(hasNonce(facts) ? { nonce } : {}),
    ...(pkce === 'none' ? {} : { code_challenge: codeChallenge, code_challenge_method: 'S256' }),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
};

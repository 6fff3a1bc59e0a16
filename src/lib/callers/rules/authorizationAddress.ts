export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** S256 of the verifier. */
  readonly codeChallenge: string;
}

/**
 * Where a browser asks to be signed in. `profile` because Entra ID gives `oid` with it alone; `query` because a form of
 * another site would come without our cookie.
 * @see OpenID Connect Core §3.1.2.1, RFC 7636 §4.3
 */
export const authorizationAddressOf = (
  authorizationEndpoint: string,
  { clientId, redirectUri, state, nonce, codeChallenge }: AuthorizationRequest,
): string => {
  const address = new URL(authorizationEndpoint);
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state,
    nonce,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address.href;
};

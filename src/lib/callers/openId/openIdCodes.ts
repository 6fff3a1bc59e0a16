import type * as OAuth from 'oauth4webapi';
import type { Clock } from '../../kernel/clock.ts';
import { errorCode } from '../../kernel/errorCode.ts';
import { guidOf } from '../../kernel/guid.ts';
import { systemClock } from '../../kernel/systemClock.ts';
import { isLoopback } from '../../kernel/vaultUrl.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { CodeRedeemer, IdentityProvider } from '../ports.ts';
import { refusalOfError, type SignInRefusal, signInRefusal } from '../rules/signInRefusals.ts';

const TIMEOUT_MS = 10_000;
const TOLERANCE_SECONDS = 60;
/** More than a registration can have. */
const MOST_ROLES = 2_000;
/** @see RFC 6749 appendix A.11 */
const CODE = /^[\x20-\x7e]{1,4096}$/;

export interface OpenIdCodesOptions {
  readonly provider: IdentityProvider;
  readonly clientId: string;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Telemetry;
  /** Local mode only: http to this machine. Anything else is https. */
  readonly allowLoopback: boolean;
}

/** The errors of the library carry parameters, tokens and answers in their causes: only codes go on. */
const refusalOf = (error: unknown, oauth: typeof OAuth): SignInRefusal => {
  if (error instanceof oauth.ResponseBodyError) return refusalOfError(error.error);
  if (error instanceof oauth.WWWAuthenticateChallengeError)
    return signInRefusal('sign_in_client_refused', `HTTP ${error.status}`);
  const isOfAnswer =
    error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError;
  if (isOfAnswer && error.code !== oauth.RESPONSE_IS_NOT_CONFORM)
    return signInRefusal('sign_in_token_refused', error.code);
  const { cause } = Object(error) as { cause?: unknown };
  const said = cause instanceof Response ? `HTTP ${cause.status}` : (errorCode(cause) ?? errorCode(error));
  return signInRefusal('sign_in_unavailable', said);
};

const whoIs = (
  claims: OAuth.IDToken | undefined,
  tenantId: string,
): Awaited<ReturnType<CodeRedeemer['redeem']>> => {
  const objectId = guidOf(claims?.oid);
  if (guidOf(claims?.tid) !== guidOf(tenantId)) return signInRefusal('sign_in_token_refused', 'tid');
  if (objectId === undefined) return signInRefusal('sign_in_token_refused', 'oid');
  const roles = Array.isArray(claims?.roles) ? claims.roles.slice(0, MOST_ROLES) : [];
  return { ok: true, tenantId, objectId, roles: roles.filter((role) => typeof role === 'string') };
};

/**
 * Codes at the token endpoint of an OpenID provider, by oauth4webapi: it checks answer, issuer, audience, nonce and
 * times. The signature of the ID token is not looked at: it came from the token endpoint itself, over TLS.
 * @see OpenID Connect Core §3.1.3.7
 */
export const openIdCodes = (options: OpenIdCodesOptions): CodeRedeemer => ({
  async redeem({ query, state, nonce, verifier, redirectUri }) {
    const { provider, clientId, clock, telemetry, allowLoopback } = options;
    const oauth = await import('oauth4webapi');
    const server = { issuer: provider.issuer, token_endpoint: provider.tokenEndpoint };
    const client = {
      client_id: clientId,
      // It judges times by the clock of this machine, and ours may be moved.
      [oauth.clockSkew]: Math.round((clock.nowEpochMs() - systemClock.nowEpochMs()) / 1000),
      [oauth.clockTolerance]: TOLERANCE_SECONDS,
    };
    let parameters: URLSearchParams;
    try {
      parameters = oauth.validateAuthResponse(server, client, query, state);
    } catch (error) {
      // Anybody can write such an address, so it says nothing to on-call.
      return error instanceof oauth.AuthorizationResponseError
        ? { ...refusalOfError(error.error), isReported: false }
        : signInRefusal('sign_in_malformed');
    }
    const [code = '', ...more] = parameters.getAll('code');
    if (!CODE.test(code) || more.length > 0) return signInRefusal('sign_in_malformed');
    let assertion: string;
    try {
      assertion = await provider.clientAssertion();
    } catch (error) {
      return signInRefusal('sign_in_unproven', errorCode(error));
    }
    const authenticate: OAuth.ClientAuth = (_server, _client, body) => {
      body.set('client_id', clientId);
      body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
      body.set('client_assertion', assertion);
    };
    const call = {
      method: 'POST',
      url: provider.tokenEndpoint,
      credentialId: `sign-in/${clientId}`,
    } as const;
    try {
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authenticate,
        parameters,
        redirectUri,
        verifier,
        {
          signal: AbortSignal.timeout(TIMEOUT_MS),
          [oauth.allowInsecureRequests]: allowLoopback && isLoopback(provider.tokenEndpoint),
          [oauth.customFetch]: (url, init) =>
            telemetry.httpCall(
              call,
              () => fetch(url, init),
              ({ status }) => status,
            ),
        },
      );
      const expected = { expectedNonce: nonce, requireIdToken: true };
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, expected);
      return whoIs(oauth.getValidatedIdTokenClaims(tokens), provider.tenantId);
    } catch (error) {
      return refusalOf(error, oauth);
    }
  },
});

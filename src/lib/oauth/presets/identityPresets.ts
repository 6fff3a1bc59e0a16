import type { ProviderProfile } from '../rules/providerProfile.ts';
import { disableRotation, enableGrace, federatedCredential, noRefreshToken, preset } from './preset.ts';

/** OpenID Connect Core §5.3; refuses a token that was not granted `openid`. */
const userinfo = (url: string) => ({ url, scope: 'openid' });

const OKTA_EXPIRATION = 'https://support.okta.com/help/s/article/refresh-token-expiration-behavior';
const OKTA_LIFETIME =
  'A lifetime that rotation does not extend is a policy, none unless changed: set absoluteDays to it. Tokens of the org authorization server end 90 days after the consent.';

/** OpenID Connect Core §2. */
const ID_TOKEN_SUB = { from: 'id_token', at: '/sub' } as const;

// The org authorization server has no {authorizationServer} in its paths: set the endpoints.
const OKTA = {
  idleDays: 7,
  tokenEndpoint: 'https://{domain}/oauth2/{authorizationServer}/v1/token',
  introspectionEndpoint: 'https://{domain}/oauth2/{authorizationServer}/v1/introspect',
  authorization: {
    endpoint: 'https://{domain}/oauth2/{authorizationServer}/v1/authorize',
    scopes: ['openid', 'offline_access'],
    accountIdentity: ID_TOKEN_SUB,
  },
  proofCall: userinfo('https://{domain}/oauth2/{authorizationServer}/v1/userinfo'),
  clientAuthenticationMethod: 'client_secret_basic',
} as const;

/** Authorization servers that a company runs or rents for its own applications. */
export const IDENTITY_PRESETS: readonly ProviderProfile[] = [
  preset({
    id: 'entra',
    displayName: 'Microsoft Entra ID',
    rotation: { kind: 'keeps_old' },
    absoluteDays: 90,
    absoluteFrom: 'issue',
    tokenEndpoint: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
    // No `issuer`: it holds the id of the tenant, and the variable may be one of its domains.
    authorization: {
      endpoint: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize',
      parameters: { prompt: 'select_account' },
      scopes: ['openid', 'offline_access'],
      accountIdentity: { from: 'id_token', at: '/oid' },
    },
    // No proof call: a token is for one resource, and `/me` of Graph takes those for Graph alone.
    rsaAssertionAlgorithm: 'PS256',
    // Passing failures; the directory or its graph is not available; too many requests of the tenant, or alike ones.
    retryErrors: [
      'AADSTS50033',
      'AADSTS50087',
      'AADSTS50196',
      'AADSTS90024',
      'AADSTS90033',
      'AADSTS90055',
      'AADSTS90090',
    ],
    sources: [
      'https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens',
      'https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes',
    ],
    unknowns: [
      'Passing causes (Conditional Access, a disabled user, a password that has to be changed) are reported as invalid_grant too.',
      'Tokens of a single-page application end 24 hours after sign-in: set absoluteDays to 1.',
    ],
    advice: [
      federatedCredential(
        'Trust the managed identity with a federated credential (audience api://AzureADTokenExchange): then there is no client secret to expire.',
      ),
      noRefreshToken('Where no user is involved, the client credentials flow needs no refresh token.'),
    ],
  }),
  preset({
    id: 'okta',
    displayName: 'Okta (refresh token rotation on)',
    rotation: { kind: 'grace', graceSeconds: 30 },
    ...OKTA,
    sources: [
      'https://developer.okta.com/docs/guides/refresh-tokens/refresh-token-rotation',
      'https://developer.okta.com/docs/guides/refresh-tokens/main/',
      OKTA_EXPIRATION,
    ],
    unknowns: [
      OKTA_LIFETIME,
      'The grace period is 0 to 60 seconds by policy, 30 unless changed: with 0, set rotation to strict.',
    ],
    advice: [
      enableGrace('set the grace period of refresh token rotation to 60 seconds'),
      disableRotation('set the refresh token behaviour of the application to "Use persistent token"'),
    ],
  }),
  preset({
    id: 'okta_persistent',
    displayName: 'Okta (persistent refresh token)',
    rotation: { kind: 'static' },
    ...OKTA,
    sources: ['https://developer.okta.com/docs/guides/refresh-tokens/main/', OKTA_EXPIRATION],
    unknowns: [
      OKTA_LIFETIME,
      'The idle limit is a policy of the authorization server, 7 days unless changed.',
    ],
  }),
  preset({
    id: 'auth0',
    displayName: 'Auth0',
    rotation: { kind: 'strict' },
    idleDays: 15,
    absoluteDays: 30,
    tokenEndpoint: 'https://{domain}/oauth/token',
    // An API's `audience` belongs into `authorization.parameters`, and has to allow offline access.
    authorization: {
      endpoint: 'https://{domain}/authorize',
      scopes: ['openid', 'offline_access'],
      accountIdentity: ID_TOKEN_SUB,
    },
    proofCall: userinfo('https://{domain}/userinfo'),
    sources: ['https://auth0.com/docs/secure/tokens/refresh-tokens/configure-refresh-token-expiration'],
    unknowns: [
      'Both lifetimes are settings of the application (absolute up to one year); 30 days is the default, and 15 idle days is assumed.',
      'The overlap period is 0 unless changed: with one, set rotation to grace.',
    ],
    advice: [
      enableGrace('set the rotation overlap period of the application'),
      disableRotation('switch refresh token rotation off for the application'),
    ],
  }),
  preset({
    id: 'keycloak',
    displayName: 'Keycloak (offline token)',
    rotation: { kind: 'strict' },
    idleDays: 30,
    tokenEndpoint: 'https://{domain}/realms/{realm}/protocol/openid-connect/token',
    introspectionEndpoint: 'https://{domain}/realms/{realm}/protocol/openid-connect/token/introspect',
    // That newer versions send `iss` is common knowledge, not a source's: not required.
    authorization: {
      endpoint: 'https://{domain}/realms/{realm}/protocol/openid-connect/auth',
      scopes: ['openid', 'offline_access'],
      issuer: 'https://{domain}/realms/{realm}',
      accountIdentity: ID_TOKEN_SUB,
    },
    proofCall: userinfo('https://{domain}/realms/{realm}/protocol/openid-connect/userinfo'),
    refreshTokenExpiryFields: ['refresh_expires_in'],
    sources: [
      'https://www.keycloak.org/docs/latest/server_admin/#_offline-access',
      'https://github.com/keycloak/keycloak/issues/48063',
    ],
    unknowns: [
      'Where "Offline Session Max Limited" is off it says refresh_expires_in 0, and holds to Offline Session Idle all the same: set idleDays where that is not 30.',
      'Strict only where "Revoke Refresh Token" is on; where it is off, rotation may be set to keeps_old.',
    ],
    advice: [disableRotation('leave "Revoke Refresh Token" of the realm off')],
  }),
  preset({
    id: 'hydra',
    displayName: 'Ory Hydra',
    rotation: { kind: 'strict' },
    idleDays: 30,
    tokenEndpoint: 'https://{domain}/oauth2/token',
    // The client has to be allowed `offline_access`.
    authorization: {
      endpoint: 'https://{domain}/oauth2/auth',
      parameters: { prompt: 'consent' },
      scopes: ['openid', 'offline_access'],
      accountIdentity: ID_TOKEN_SUB,
    },
    proofCall: userinfo('https://{domain}/userinfo'),
    clientAuthenticationMethod: 'client_secret_basic',
    deadErrors: ['token_inactive'],
    sources: [
      'https://www.ory.com/docs/oauth2-oidc/graceful-token-refresh',
      'https://github.com/ory/docs/pull/2217',
    ],
    unknowns: ['ttl.refresh_token is a setting; 720 hours is assumed.'],
    advice: [
      enableGrace(
        'set oauth2.grant.refresh_token.rotation_grace_period (up to 5 minutes, with a limit of the count up to 30 days)',
      ),
    ],
  }),
];

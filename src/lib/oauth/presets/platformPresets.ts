import type { ProviderProfile } from '../rules/providerProfile.ts';
import { federatedCredential, noRefreshToken, preset, publishApp } from './preset.ts';

/**
 * Never PKCE: it makes the app a public client for good, whose refresh tokens end after 30 days. Https redirects only.
 * @see https://docs.slack.dev/authentication/using-pkce
 */
const SLACK_AUTHORIZATION = {
  endpoint: 'https://slack.com/oauth/v2/authorize',
  scopeSeparator: ',',
  pkce: 'none',
} as const;

const SLACK = {
  rotation: { kind: 'strict' },
  tokenEndpoint: 'https://slack.com/api/oauth.v2.access',
  // No proof call: `auth.test` answers 200 to whoever asks, and says in the body that the token is refused.
  errorIn200: {
    path: '/error',
    deadValues: ['invalid_refresh_token', 'token_revoked', 'token_expired', 'account_inactive'],
  },
  // The workspace moves to an enterprise organization, and is away until it has.
  retryErrors: ['team_added_to_org', 'org_login_required'],
  sources: [
    'https://docs.slack.dev/authentication/using-token-rotation',
    'https://docs.slack.dev/reference/methods/oauth.v2.access',
  ],
  unknowns: ['No lifetime of a refresh token and no grace period is documented: treated as strict.'],
} as const;

/** Platforms of developers and of documents. */
export const PLATFORM_PRESETS: readonly ProviderProfile[] = [
  preset({
    id: 'google',
    displayName: 'Google',
    rotation: { kind: 'static' },
    idleDays: 180,
    tokenEndpoint: 'https://oauth2.googleapis.com/token',
    // Without `prompt=consent` a second consent gives no refresh token; scopes can be unticked on the page.
    authorization: {
      endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
      parameters: { access_type: 'offline', prompt: 'consent' },
      scopes: ['openid'],
      issuer: 'https://accounts.google.com',
      accountIdentity: { from: 'id_token', at: '/sub' },
    },
    proofCall: { url: 'https://www.googleapis.com/oauth2/v3/userinfo', scope: 'openid' },
    sources: ['https://developers.google.com/identity/protocols/oauth2#expiration'],
    unknowns: [
      'Of 100 tokens for one account and client the oldest dies without a word when another is made.',
    ],
    advice: [
      publishApp(
        'While the consent screen is in "Testing", every refresh token dies after 7 days: publish it.',
      ),
      federatedCredential(
        'Workload identity federation with a service account needs neither refresh token nor secret.',
      ),
    ],
  }),
  preset({
    id: 'github_app',
    displayName: 'GitHub App (user token)',
    rotation: { kind: 'strict' },
    absoluteDays: 183,
    absoluteFrom: 'issue',
    tokenEndpoint: 'https://github.com/login/oauth/access_token',
    // Scopes are the permissions of the app. A refresh token comes where the tokens of the app expire.
    authorization: { endpoint: 'https://github.com/login/oauth/authorize' },
    proofCall: { url: 'https://api.github.com/user' },
    deadErrors: ['bad_refresh_token'],
    errorIn200: { path: '/error', deadValues: ['bad_refresh_token'] },
    refreshTokenExpiryFields: ['refresh_token_expires_in'],
    sources: [
      'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens',
    ],
    advice: [
      noRefreshToken(
        'Where no user is involved, installation tokens made with the private key of the app need no refresh token.',
      ),
    ],
  }),
  preset({
    id: 'slack',
    displayName: 'Slack (bot token)',
    ...SLACK,
    authorization: { ...SLACK_AUTHORIZATION, accountIdentity: { from: 'answer', at: '/team/id' } },
  }),
  preset({
    id: 'slack_user',
    displayName: 'Slack (user token)',
    ...SLACK,
    tokenPath: '/authed_user',
    authorization: {
      ...SLACK_AUTHORIZATION,
      scopeParameter: 'user_scope',
      accountIdentity: { from: 'answer', at: '/authed_user/id' },
    },
  }),
  preset({
    id: 'atlassian',
    displayName: 'Atlassian (3LO)',
    rotation: { kind: 'grace', graceSeconds: 10 * 60 },
    idleDays: 90,
    absoluteDays: 365,
    tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
    // Whether PKCE is looked at is not documented. A consent covers the sites that the person ticks.
    authorization: {
      endpoint: 'https://auth.atlassian.com/authorize',
      parameters: { audience: 'api.atlassian.com', prompt: 'consent' },
      scopes: ['offline_access'],
    },
    proofCall: { url: 'https://api.atlassian.com/oauth/token/accessible-resources' },
    bodyFormat: 'json',
    // With HTTP 403 and the code "unauthorized_client", which elsewhere speaks of the client.
    deadErrors: ['refresh_token is invalid', 'Unknown or invalid refresh token'],
    sources: [
      'https://github.com/raycast/extensions/issues/11836',
      'https://community.developer.atlassian.com/t/54172',
      'https://community.developer.atlassian.com/t/50348/50',
    ],
  }),
  preset({
    id: 'box',
    displayName: 'Box',
    rotation: { kind: 'strict' },
    idleDays: 60,
    tokenEndpoint: 'https://api.box.com/oauth2/token',
    // Whether PKCE is looked at is not documented. Scopes are those of the app unless named.
    authorization: { endpoint: 'https://account.box.com/api/oauth2/authorize' },
    proofCall: { url: 'https://api.box.com/2.0/users/me' },
    sources: [
      'https://developer.box.com/guides/authentication/tokens/refresh/',
      'https://support.box.com/hc/en-us/community/posts/15765421154323-OAuth-refresh-token-usage',
    ],
    unknowns: [
      'Until the new token is used the old one is said to bring the same new one again; the guide says "once": treated as strict.',
    ],
    advice: [noRefreshToken('Server authentication (client credentials or JWT) needs no refresh token.')],
  }),
  preset({
    id: 'dropbox',
    displayName: 'Dropbox',
    rotation: { kind: 'static' },
    tokenEndpoint: 'https://api.dropboxapi.com/oauth2/token',
    // Without `token_access_type` there is an access token of four hours and nothing else.
    authorization: {
      endpoint: 'https://www.dropbox.com/oauth2/authorize',
      parameters: { token_access_type: 'offline' },
      accountIdentity: { from: 'answer', at: '/account_id' },
    },
    proofCall: {
      url: 'https://api.dropboxapi.com/2/users/get_current_account',
      method: 'POST',
      scope: 'account_info.read',
    },
    sources: ['https://dropbox.tech/developers/using-oauth-2-0-with-offline-access'],
  }),
  preset({
    id: 'zoom',
    displayName: 'Zoom',
    rotation: { kind: 'strict' },
    absoluteDays: 90,
    absoluteFrom: 'issue',
    tokenEndpoint: 'https://zoom.us/oauth/token',
    // Scopes are those of the app.
    authorization: { endpoint: 'https://zoom.us/oauth/authorize' },
    proofCall: { url: 'https://api.zoom.us/v2/users/me', scope: 'user:read:user' },
    clientAuthenticationMethod: 'client_secret_basic',
    deadErrors: ['Invalid Token!'],
    sources: ['https://devforum.zoom.us/t/10375', 'https://devforum.zoom.us/t/72070'],
    unknowns: ['90 days is the shortest lifetime that a page names; an older one says 15 years.'],
    advice: [noRefreshToken('A server-to-server app (account credentials) needs no refresh token.')],
  }),
];

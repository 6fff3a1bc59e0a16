import type { ProviderProfile } from '../rules/providerProfile.ts';
import { disableRotation, noRefreshToken, preset } from './preset.ts';

const SALESFORCE_COLLISION_SOURCES = [
  'https://help.salesforce.com/s/articleView?id=release-notes.rn_security_refresh_token_requests.htm&release=250&type=5',
  'https://github.com/segmentio/action-destinations/pull/2300',
  'https://github.com/forcedotcom/SalesforceMobileSDK-iOS/issues/3731',
];

const SALESFORCE = {
  idleDays: 30,
  tokenEndpoint: 'https://{domain}/services/oauth2/token',
  // PKCE may be required of an app or an organization (help.salesforce.com, remoteaccess_pkce). `id` names organization and user.
  authorization: {
    endpoint: 'https://{domain}/services/oauth2/authorize',
    parameters: { prompt: 'login consent' },
    scopes: ['refresh_token'],
    accountIdentity: { from: 'answer', at: '/id' },
  },
  // Not userinfo, which says 403 of a token that it does not accept: forcedotcom/SalesforceMobileSDK-Android#2430.
  proofCall: { url: 'https://{domain}/services/data/v60.0/', scope: 'api' },
  // Another client of the same token was faster: the token lives.
  retryErrors: ['token request is already being processed', 'expired authorization code'],
  unknowns: [
    'The lifetime is a policy of the app; the 30-day idle limit is assumed to be on.',
    'Passing causes (an inactive user, a restricted IP address) are reported as invalid_grant too.',
  ],
} as const;

/** Systems of sales, service and finance. */
export const BUSINESS_PRESETS: readonly ProviderProfile[] = [
  preset({
    id: 'salesforce',
    displayName: 'Salesforce (no rotation)',
    rotation: { kind: 'static' },
    ...SALESFORCE,
    sources: [
      'https://help.salesforce.com/s/articleView?id=xcloud.connected_app_limit_idle_ttl',
      ...SALESFORCE_COLLISION_SOURCES,
    ],
    advice: [
      noRefreshToken(
        'An integration user with the client credentials or JWT bearer flow needs no refresh token.',
      ),
    ],
  }),
  preset({
    id: 'salesforce_rtr',
    displayName: 'Salesforce (refresh token rotation)',
    rotation: { kind: 'strict' },
    ...SALESFORCE,
    sources: [
      'https://help.salesforce.com/s/articleView?id=005316711',
      'https://help.salesforce.com/s/articleView?id=xcloud.connected_app_limit_idle_ttl',
      ...SALESFORCE_COLLISION_SOURCES,
    ],
    advice: [disableRotation('switch refresh token rotation off for the app, where policy allows it')],
  }),
  preset({
    id: 'servicenow',
    displayName: 'ServiceNow',
    rotation: { kind: 'strict' },
    absoluteDays: 100,
    tokenEndpoint: 'https://{instance}.service-now.com/oauth_token.do',
    // PKCE is documented for public clients; whether it is looked at of a confidential one is not. Nothing names the account.
    authorization: { endpoint: 'https://{instance}.service-now.com/oauth_auth.do' },
    // Of the table API, which the user of the token may be kept from: then it is 403.
    proofCall: {
      url: 'https://{instance}.service-now.com/api/now/table/sys_user?sysparm_limit=1&sysparm_fields=sys_id',
    },
    deadErrors: ['access_denied'],
    sources: [
      'https://support.servicenow.com/kb?id=kb_article_view&sysparm_article=KB0791140',
      'https://support.servicenow.com/kb?id=kb_article_view&sysparm_article=KB2132135',
      'https://github.com/demisto/content-docs/issues/1301',
    ],
    unknowns: [
      'It answers "server_error" with the description "access_denied" for a dead token, and may do so for a wrong client too: taken for a dead token.',
      'Whether a refresh rotates is not documented: treated as strict.',
      'The lifetime (8,640,000 seconds) is a setting of the application registry, and a refresh does not extend it by default.',
      'The registry also has a "Refresh Token Count", which may end the refreshing: set it to unlimited.',
    ],
  }),
  preset({
    id: 'hubspot',
    displayName: 'HubSpot',
    rotation: { kind: 'strict' },
    tokenEndpoint: 'https://api.hubapi.com/oauth/2026-03/token',
    // Whether PKCE is looked at is not documented. The portal is chosen on the page, and nothing in the answer names it.
    authorization: { endpoint: 'https://app.hubspot.com/oauth/authorize' },
    // Of the dated API that the token endpoint belongs to; not tried.
    proofCall: { url: 'https://api.hubapi.com/account-info/2026-03/details' },
    // BAD_HUB, beside "access_denied": the account was deleted, or the app taken out of it.
    deadErrors: ['BAD_REFRESH_TOKEN', 'BAD_HUB'],
    sources: [
      'https://developers.hubspot.com/docs/api-reference/2026-03/authentication/oauth-tokens/refresh-oauth-token',
      'https://developers.hubspot.com/docs/api-reference/legacy/authentication/oauth-tokens/v1/migration-guide',
      'https://github.com/PostHog/posthog/pull/72609',
    ],
    unknowns: [
      'Whether a refresh rotates is reported differently by different pages: treated as strict.',
      'No lifetime is documented: set idleDays if your account has one.',
    ],
  }),
  preset({
    id: 'zoho',
    displayName: 'Zoho',
    rotation: { kind: 'static' },
    tokenEndpoint: 'https://{accountsHost}/oauth/v2/token',
    // Whether PKCE is looked at is not documented; scopes are documented with commas. Nothing is sent to the server
    // that the callback names: where it is another than that of the config, the config is at fault.
    authorization: {
      endpoint: 'https://{accountsHost}/oauth/v2/auth',
      parameters: { access_type: 'offline', prompt: 'consent' },
      scopeSeparator: ',',
      callbackFields: ['location'],
      tokenServerField: 'accounts-server',
    },
    // No proof call: the host of the API comes with each answer (`api_domain`).
    // With HTTP 200, in the same place: the rate limit, which leaves the token alive.
    retryErrors: ['Access Denied'],
    errorIn200: { path: '/error', deadValues: ['invalid_code'] },
    maxRefreshPer10Minutes: 10,
    sources: [
      'https://www.zoho.com/crm/developer/docs/api/v8/token-validity.html',
      'https://help.zoho.com/portal/en/community/topic/kaizen-43-tokens-and-limitations',
    ],
    unknowns: [
      'accounts.zoho.com, .eu, .in, .com.au, .jp: the host is that of the account, and a token of one is invalid at another.',
      'A user holds 20 refresh tokens per client: the 21st deletes the oldest without a word.',
    ],
  }),
  preset({
    id: 'xero',
    displayName: 'Xero',
    rotation: { kind: 'grace', graceSeconds: 30 * 60 },
    idleDays: 60,
    tokenEndpoint: 'https://identity.xero.com/connect/token',
    // Whether PKCE is looked at of a client with a secret is not documented.
    authorization: {
      endpoint: 'https://login.xero.com/identity/connect/authorize',
      scopes: ['openid', 'offline_access'],
      accountIdentity: { from: 'id_token', at: '/sub' },
    },
    proofCall: { url: 'https://api.xero.com/connections' },
    clientAuthenticationMethod: 'client_secret_basic',
    sources: [
      'https://community.xero.com/developer/discussion/105714701',
      'https://community.xero.com/developer/discussion/127920775',
    ],
  }),
  preset({
    id: 'intuit',
    displayName: 'Intuit QuickBooks',
    rotation: { kind: 'grace', graceSeconds: 24 * 60 * 60 },
    idleDays: 100,
    absoluteDays: 5 * 365,
    tokenEndpoint: 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
    // Whether PKCE is looked at is not documented. Production is said to refuse http redirects: see docs/connect.md.
    authorization: {
      endpoint: 'https://appcenter.intuit.com/connect/oauth2',
      callbackFields: ['realmId'],
      accountIdentity: { from: 'callback', at: '/realmId' },
    },
    // No proof call: every path of its API holds the id of the company (`realmId`), which only the consent shows.
    clientAuthenticationMethod: 'client_secret_basic',
    refreshTokenExpiryFields: ['x_refresh_token_expires_in'],
    sources: [
      'https://blogs.a.intuit.com/2025/11/12/important-changes-to-refresh-token-policy',
      'https://github.com/intuit/oauth-pythonclient/issues/56',
    ],
    unknowns: [
      'The end of the five years is said (x_refresh_token_hard_expires_in) only to a request with the header x-include-refresh-token-hard-expires-in, which is not sent: it is counted from consentedAt.',
    ],
  }),
  preset({
    id: 'docusign',
    displayName: 'DocuSign',
    rotation: { kind: 'strict' },
    absoluteDays: 30,
    tokenEndpoint: 'https://{accountHost}/oauth/token',
    // With `extended` among the scopes of the grant a refresh extends the 30 days. PKCE: docusign/code-examples-node#57.
    authorization: { endpoint: 'https://{accountHost}/oauth/auth', scopes: ['signature'] },
    proofCall: { url: 'https://{accountHost}/oauth/userinfo' },
    clientAuthenticationMethod: 'client_secret_basic',
    sources: ['https://www.docusign.com/blog/developers/authorization-code-grant-refresh-tokens'],
    unknowns: [
      'What becomes of the old token is not documented: treated as strict.',
      'Only the scope "extended" makes a refresh extend the 30 days: with it, set absoluteFrom to issue.',
    ],
    advice: [noRefreshToken('The JWT grant for a system integration needs no refresh token.')],
  }),
];

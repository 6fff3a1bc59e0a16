import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider, { type Configuration } from 'oidc-provider';
import { systemClock } from '../../lib/kernel/systemClock.ts';
import type { ProviderSettings } from '../../lib/oauth/presets/providerSettings.ts';
import { stateFile } from '../stateFile.ts';
import { CONSENT_PAGE, consentPage, interactionUrl } from './consentPage.ts';
import {
  type LocalAuthorizationServer,
  type LocalServerOptions,
  listenOnLoopback,
  providerId,
} from './localServer.ts';
import { type TokenRecords, tokenRecords } from './tokenRecords.ts';

export interface OidcServerOptions extends LocalServerOptions {
  /** 0: strict rotation with reuse detection. */
  readonly graceSeconds: number;
}

const DAY_SECONDS = 24 * 60 * 60;
const ACCESS_TOKEN_SECONDS = 600;
const GRANT_SECONDS = 20 * 365 * DAY_SECONDS;
/** Nobody is signed in for longer than a consent takes. */
const CONSENT_SECONDS = 600;
const SCOPE = 'api.read';

const signingKeys = (): NonNullable<Configuration['jwks']> => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { keys: [{ ...privateKey.export({ format: 'jwk' }), kty: 'EC', use: 'sig', alg: 'ES256' }] };
};

const configurationOf = (
  { name, lifetimeDays }: OidcServerOptions,
  client: { clientId: string; clientSecret: string },
  records: TokenRecords,
): Configuration => ({
  adapter: records.adapterOf,
  clients: [
    {
      client_id: client.clientId,
      client_secret: client.clientSecret,
      grant_types: ['refresh_token', 'authorization_code', 'client_credentials'],
      response_types: ['code'],
      // Of a native one any port of the loopback is the client's (RFC 8252).
      application_type: 'native',
      redirect_uris: ['callback', 'api/reconnect/callback'].map(
        (path) => `http://127.0.0.1/${path}/${providerId({ name })}`,
      ),
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256',
    },
  ],
  // Without offline_access among them it offers no refresh tokens at all.
  scopes: [SCOPE, 'openid', 'offline_access'],
  interactions: { url: interactionUrl },
  jwks: signingKeys(),
  cookies: { keys: [randomBytes(16).toString('hex')] },
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: {
      enabled: true,
      // Its own tokens are what a client may ask about.
      allowedPolicy: async (_context, { clientId }, token) => token.clientId === clientId,
    },
    revocation: { enabled: true },
  },
  ttl: {
    RefreshToken: lifetimeDays * DAY_SECONDS,
    AccessToken: ACCESS_TOKEN_SECONDS,
    ClientCredentials: ACCESS_TOKEN_SECONDS,
    Grant: GRANT_SECONDS,
    AuthorizationCode: 60,
    IdToken: ACCESS_TOKEN_SECONDS,
    Interaction: CONSENT_SECONDS,
    Session: CONSENT_SECONDS,
  },
  findAccount: async (_context, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
});

const settingsOf = (origin: string, options: OidcServerOptions): ProviderSettings => ({
  displayName: options.name,
  tokenEndpoint: `${origin}/token`,
  introspectionEndpoint: `${origin}/token/introspection`,
  absoluteDays: options.lifetimeDays,
  absoluteFrom: 'issue',
  authorization: {
    endpoint: `${origin}/auth`,
    parameters: { prompt: 'consent' },
    scopes: ['openid', 'offline_access'],
    issuer: origin,
    issParameter: 'required',
    accountIdentity: { from: 'id_token', at: '/sub' },
  },
  rotation:
    options.graceSeconds === 0 ? { kind: 'strict' } : { kind: 'grace', graceSeconds: options.graceSeconds },
});

/**
 * A real authorization server (oidc-provider) on loopback that rotates refresh tokens and revokes the
 * whole grant when a used one comes back. Clients with `private_key_jwt` are not offered: their
 * assertions are checked by the machine's clock, which cannot be moved.
 */
export const startOidcServer = async (options: OidcServerOptions): Promise<LocalAuthorizationServer> => {
  const { name, nowEpochMs, folder, graceSeconds } = options;
  const machineEpochMs = systemClock.nowEpochMs;
  const records = tokenRecords({ file: stateFile(folder, name), nowEpochMs, machineEpochMs, graceSeconds });
  records.extra['clientSecret'] ??= randomBytes(24).toString('base64url');
  const client = { clientId: `keywatch-${name}`, clientSecret: records.extra['clientSecret'] };
  const revokedGrants: string[] = [];
  let provider: Provider | undefined;
  const server = await listenOnLoopback({
    tokenPath: '/token',
    nowEpochMs,
    handlerOf: (origin) => {
      provider = new Provider(origin, configurationOf(options, client, records));
      provider.on('grant.revoked', (_context, grantId) => revokedGrants.push(grantId));
      const [page, others] = [consentPage(provider, CONSENT_PAGE), provider.callback()];
      const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        if (!(await page(request, response))) await others(request, response);
      };
      return (request, response) => void answer(request, response).catch(() => response.destroy());
    },
  });
  const running = (): Provider => {
    if (provider === undefined) throw new Error(`the authorization server ${name} has not started`);
    return provider;
  };
  const close = async (): Promise<void> => {
    await server.close();
    records.flush();
  };
  return {
    ...server,
    name,
    ...client,
    tokenEndpoint: `${server.origin}/token`,
    provider: settingsOf(server.origin, options),
    scopes: [SCOPE],
    endConsents: records.endGrants,
    revokedGrants,
    async mint(accountId) {
      const { Client, Grant, RefreshToken } = running();
      const grant = new Grant({ accountId, clientId: client.clientId });
      grant.addOIDCScope(SCOPE);
      const grantId = await grant.save();
      const found = await Client.find(client.clientId);
      if (found === undefined) throw new Error(`the client of ${name} is not registered`);
      const of = { accountId, client: found, grantId, gty: 'authorization_code', scope: SCOPE };
      return new RefreshToken(of).save();
    },
    async isUsable(refreshToken) {
      const { Grant, RefreshToken } = running();
      const token = await RefreshToken.find(refreshToken);
      if (token === undefined || !token.isValid || token.grantId === undefined) return false;
      return (await Grant.find(token.grantId)) !== undefined;
    },
    close,
  };
};

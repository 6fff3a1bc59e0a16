import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignJWT } from 'jose';
import Provider, { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { IdentityProvider } from '../../lib/callers/ports.ts';
import { SIGN_IN_CALLBACK } from '../../lib/callers/rules/returnPath.ts';
import { systemClock } from '../../lib/kernel/systemClock.ts';
import { consentPage, interactionUrl } from '../authorizationServers/consentPage.ts';
import { listenOnLoopback } from '../authorizationServers/localServer.ts';
import { tokenRecords } from '../authorizationServers/tokenRecords.ts';
import { rsaKey } from '../rsaKey.ts';
import { KEYWATCH_CLIENT_ID, people, programs } from '../seed/people.ts';
import { stateFile } from '../stateFile.ts';
import { signInPage } from './signInPage.ts';

/** Signs in the people and programs of the company, as Entra ID does in Azure. */
export interface IdentityServer extends IdentityProvider {
  /** By client id. Made anew at each start. */
  readonly clientSecrets: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export interface IdentityServerOptions {
  readonly tenantId: string;
  /** The clock by which its tokens are made; it may be moved ahead. */
  readonly nowEpochMs: () => number;
}

const TOKEN_SECONDS = 3_600;
const SIGN_IN_SECONDS = 600;
const ASSERTION_SECONDS = 60;
/** As Entra ID has it: everything that a program was assigned. In both spellings of the audience. */
const SCOPES = `${KEYWATCH_CLIENT_ID}/.default api://${KEYWATCH_CLIENT_ID}/.default`;

/** `keywatch` is of a sort that is made in no time. */
const newKeys = () => ({
  server: rsaKey(),
  keywatch: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
});

/** Whoever is asked to sign in chooses who to be, each time. */
const policy = (): interactionPolicy.DefaultPolicy => {
  const { base, Check, Prompt } = interactionPolicy;
  const prompts = base();
  const hasChosen = (context: KoaContextWithOIDC) => context.oidc.result?.login !== undefined;
  const choose = new Check('choose', 'a person is chosen each time', (context) =>
    hasChosen(context) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
  );
  prompts.get('login')?.checks.add(choose);
  prompts.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  return prompts;
};

const configurationOf = (
  { tenantId, nowEpochMs }: IdentityServerOptions,
  clientSecrets: IdentityServer['clientSecrets'],
  { server, keywatch }: ReturnType<typeof newKeys>,
): Configuration => {
  const machineEpochMs = systemClock.nowEpochMs;
  const nowSeconds = () => Math.floor(nowEpochMs() / 1000);
  const { adapterOf } = tokenRecords({
    ...{ file: stateFile(undefined, 'identities'), graceSeconds: 0 },
    ...{ nowEpochMs: machineEpochMs, machineEpochMs },
  });
  return {
    adapter: adapterOf,
    clients: [
      {
        client_id: KEYWATCH_CLIENT_ID,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        // Of a native one any port of the loopback is the client's (RFC 8252).
        application_type: 'native',
        redirect_uris: [`http://127.0.0.1${SIGN_IN_CALLBACK}`],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...keywatch.publicKey.export({ format: 'jwk' }), kty: 'EC' }] },
      },
      ...programs.map(({ clientId }) => ({
        client_id: clientId,
        client_secret: clientSecrets.get(clientId) ?? '',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post' as const,
      })),
    ],
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub', 'tid', 'oid', 'roles', 'ver', 'name', 'iat', 'nbf'] },
    conformIdTokenClaims: false,
    interactions: { url: interactionUrl, policy: policy() },
    jwks: {
      keys: [
        {
          ...server.export({ format: 'jwk' }),
          ...{ kty: 'RSA', kid: randomUUID(), use: 'sig', alg: 'RS256' },
        },
      ],
    },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => `api://${KEYWATCH_CLIENT_ID}`,
        getResourceServerInfo: () => ({
          scope: SCOPES,
          audience: KEYWATCH_CLIENT_ID,
          accessTokenFormat: 'jwt',
          accessTokenTTL: TOKEN_SECONDS,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt: (_context, token, jwt) => {
          const azp = token.clientId;
          const program = programs.find(({ clientId }) => clientId === azp);
          const { id: oid, roles = [] } = program ?? { id: jwt.payload.sub };
          const claims = { tid: tenantId, oid, azp, ver: '2.0', sub: oid };
          const kind = program === undefined ? {} : { idtyp: 'app', azpacr: '1' };
          // Whoever was assigned no role gets a token without the claim.
          const assigned = roles.length === 0 ? {} : { roles };
          const times = { iat: nowSeconds(), nbf: nowSeconds(), exp: nowSeconds() + TOKEN_SECONDS };
          Object.assign(jwt.payload, claims, kind, assigned, times);
          jwt.header = { ...jwt.header, typ: 'JWT' };
        },
      },
    },
    ttl: {
      AccessToken: TOKEN_SECONDS,
      ClientCredentials: TOKEN_SECONDS,
      AuthorizationCode: 60,
      Grant: SIGN_IN_SECONDS,
      // It reckons from the machine's time, which cannot be moved.
      IdToken: () => TOKEN_SECONDS + Math.max(0, Math.round((nowEpochMs() - machineEpochMs()) / 1000)),
      Interaction: SIGN_IN_SECONDS,
      Session: SIGN_IN_SECONDS,
    },
    findAccount: (_context, accountId) => {
      const person = people.find(({ id }) => id === accountId);
      if (person === undefined) return undefined;
      const { id, name, roles } = person;
      const claims = { sub: id, oid: id, tid: tenantId, ver: '2.0', name, roles: [...roles] };
      return { accountId, claims: async () => ({ ...claims, iat: nowSeconds(), nbf: nowSeconds() }) };
    },
  };
};

/**
 * An authorization server (oidc-provider) on loopback whose tokens have the claims of Entra ID's, version 2.0: JWTs
 * that name tenant, object, client and roles. Keywatch proves itself to it by a key, as by its managed identity in
 * Azure; the programs of the company do by secrets.
 */
export const startIdentityServer = async (options: IdentityServerOptions): Promise<IdentityServer> => {
  const keys = newKeys();
  const clientSecrets = new Map(
    programs.map(({ clientId }) => [clientId, randomBytes(24).toString('base64url')]),
  );
  const { origin, close } = await listenOnLoopback({
    tokenPath: '/token',
    nowEpochMs: options.nowEpochMs,
    handlerOf: (issuer) => {
      const provider = new Provider(issuer, configurationOf(options, clientSecrets, keys));
      const [page, others] = [consentPage(provider, signInPage(people)), provider.callback()];
      const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        if (!(await page(request, response))) await others(request, response);
      };
      return (request, response) => void answer(request, response).catch(() => response.destroy());
    },
  });
  return {
    issuer: origin,
    tenantId: options.tenantId,
    jwksUri: `${origin}/jwks`,
    authorizationEndpoint: `${origin}/auth`,
    tokenEndpoint: `${origin}/token`,
    clientSecrets,
    // Its times are checked by the machine's clock.
    clientAssertion: () => {
      const nowSeconds = Math.floor(systemClock.nowEpochMs() / 1000);
      return new SignJWT()
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(KEYWATCH_CLIENT_ID)
        .setSubject(KEYWATCH_CLIENT_ID)
        .setAudience(origin)
        .setJti(randomUUID())
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + ASSERTION_SECONDS)
        .sign(keys.keywatch.privateKey);
    },
    close,
  };
};

import { createServer as createTlsServer } from 'node:https';
import { createServer as createNetServer, type Server as NetServer } from 'node:net';
import { exportJWK } from 'jose';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { oauthFlow } from '../../src/lib/prove/oauth/oauthFlow.ts';
import type { ProvedClient } from '../../src/lib/prove/ports.ts';
import { listen } from '../../src/local/listen.ts';
import { certificateOf } from '../fakes/certificateOf.ts';
import { clientCredential, credentialStore } from '../fakes/clientCredential.ts';
import { pemSigner } from '../fakes/pemSigner.ts';
import { CANARY, flowWorld, provedClient, shownOf } from '../fakes/provedClient.ts';
import { rsaPair } from '../fakes/rsaPair.ts';
import { startOidcProvider } from '../fakes/startOidcProvider.ts';

const { privateKey, publicKey } = rsaPair();
const signer = pemSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), {
  ...{ algorithm: 'RS256', keyId: 'one' },
});
const SCOPE = 'orders.read';

let tokenEndpoint = '';

beforeAll(async () => {
  const common = {
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    scope: SCOPE,
  };
  const bySecret = (method: 'client_secret_basic' | 'client_secret_post') => ({
    ...common,
    client_id: method,
    client_secret: CANARY,
    token_endpoint_auth_method: method,
  });
  const keyed = {
    ...common,
    client_id: 'private_key_jwt',
    token_endpoint_auth_method: 'private_key_jwt' as const,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
  };
  tokenEndpoint = await startOidcProvider({
    clients: [bySecret('client_secret_basic'), bySecret('client_secret_post'), keyed] as never,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    scopes: [SCOPE, 'orders.write'],
    ttl: { ClientCredentials: 600 },
    features: { clientCredentials: { enabled: true } },
  });
});

const SECRET = { clientSecret: { secretName: 'crm-secret' } };
const ENTRIES = {
  client_secret_basic: SECRET,
  client_secret_post: SECRET,
  private_key_jwt: { clientKey: { keyName: 'signer' } },
} as const;
const METHODS = Object.keys(ENTRIES) as (keyof typeof ENTRIES)[];

const prove = async (
  method: keyof typeof ENTRIES,
  change: Partial<ProvedClient> = {},
  store = credentialStore(CANARY, signer),
) => {
  const world = flowWorld({ clock: systemClock, allowLoopback: true, store });
  const client = provedClient({
    clientId: method,
    issuer: { kind: 'oauth', tokenEndpoint },
    credential: clientCredential(method, ENTRIES[method]),
    scopes: [SCOPE],
    ...change,
  });
  const result = await oauthFlow(world.options).request(client, world.context());
  if (!result.ok) expect(shownOf(result)).not.toContain(CANARY);
  return { result, ...world };
};

describe('the client credentials flow at a real authorization server', () => {
  it.each(METHODS)('gives a token to a client by %s', async (method) => {
    const { result, held, telemetry } = await prove(method);
    expect(result).toMatchObject({ ok: true, httpStatus: 200, tokenType: 'Bearer', scope: SCOPE });
    if (result.ok) expect(held.at(-1)).toBe(result.accessToken);
    expect(telemetry.calls).toMatchObject([{ url: tokenEndpoint, status: 200 }]);
  });

  it.each([
    ['client_secret_basic', 'credential_wrong'],
    ['client_secret_post', 'credential_wrong'],
    ['private_key_jwt', 'assertion_refused'],
  ] as const)('is refused by %s with another secret or key as %s', async (method, code) => {
    const other = rsaPair(1).privateKey;
    const pem = other.export({ type: 'pkcs8', format: 'pem' }).toString();
    const store = credentialStore('another-secret', pemSigner(pem, { algorithm: 'RS256', keyId: 'one' }));
    const { result } = await prove(method, {}, store);
    expect(result).toMatchObject({ code, httpStatus: 401, oauthError: 'invalid_client', retryable: false });
  });

  it('tells a scope that the client may not have from a client that nobody knows', async () => {
    expect((await prove('client_secret_post', { scopes: ['orders.write'] })).result).toMatchObject({
      code: 'resource_wrong',
      oauthError: 'invalid_scope',
    });
    expect((await prove('client_secret_post', { clientId: 'nobody' })).result).toMatchObject({
      code: 'credential_wrong',
      httpStatus: 401,
    });
  });

  it('says that an address without a token endpoint is none', async () => {
    const issuer = { kind: 'oauth', tokenEndpoint: tokenEndpoint.replace('token', 'elsewhere') } as const;
    expect((await prove('client_secret_post', { issuer })).result).toMatchObject({
      ok: false,
      httpStatus: 404,
    });
  });
});

describe('the client credentials flow over mutual TLS', () => {
  const own = certificateOf('localhost');
  const registered = certificateOf('crm');

  const proveAt = async (tlsServer: NetServer) => {
    const { port } = new URL(await listen(tlsServer, 0));
    onTestFinished(() => void tlsServer.close());
    const store = credentialStore(`${registered.key}${registered.cert}`);
    const world = flowWorld({ ca: own.cert, store });
    const client = provedClient({
      issuer: { kind: 'oauth', tokenEndpoint: `https://localhost:${port}/token` },
      credential: clientCredential('tls_client_auth', { clientCertificate: { secretName: 'crm-mtls' } }),
    });
    const result = await oauthFlow(world.options).request(client, world.context());
    if (!result.ok) expect(shownOf(result)).not.toContain(registered.key.split('\n')[1]);
    return result;
  };

  it('gives a token to a client whose certificate is known', async () => {
    const options = { ...own, ca: registered.cert, requestCert: true };
    const tlsServer = createTlsServer(options, (_request, response) => {
      response.end(JSON.stringify({ access_token: 'issued-token-1234567', token_type: 'Bearer' }));
    });
    expect(await proveAt(tlsServer)).toMatchObject({ ok: true, accessToken: 'issued-token-1234567' });
  });

  // RFC 8446 §6.2
  it.each([
    ['bad_certificate', 42, 'assertion_refused'],
    ['certificate_expired', 45, 'credential_expired'],
    ['unknown_ca', 48, 'assertion_refused'],
    ['access_denied', 49, 'assertion_refused'],
    ['handshake_failure', 40, 'not_asked'],
    ['internal_error', 80, 'not_asked'],
  ])('is told by the alert %s what became of the certificate', async (_name, alert, code) => {
    const alerting = createNetServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, alert])));
    });
    expect(await proveAt(alerting)).toMatchObject({ code });
  });
});

import type { TLSSocket } from 'node:tls';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { method } from '../../../../src/lib/oauth/clientAuthentication/method.ts';
import { credentialMembers, METHODS } from '../../../../src/lib/oauth/clientAuthentication/methods.ts';
import { readClientCredential } from '../../../../src/lib/oauth/clientAuthentication/readClientCredential.ts';
import { tokenEndpoint } from '../../../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import { selfSignedCertificate } from '../../../../src/local/keyVault/selfSigned.ts';
import { credentialStore } from '../../../fakes/clientCredential.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { strictProfile } from '../../../fakes/profiles.ts';
import { startRawHttpServer } from '../../../fakes/rawHttpServer.ts';

/** All that mutual TLS is, but for a real certificate: the file that would be `tlsClientAuth.ts` … */
const tlsClientAuth = method({
  name: 'tls_client_auth',
  meaning: 'a certificate of the client',
  members: { clientCertificate: z.optional(z.strictObject({ secretName: z.string() })) },
  hasSharedSecret: false,
  parameters: ['client_id'],
  credential({ clientCertificate: { secretName } }, { objectOf }) {
    const certificate = objectOf('secret', 'clientCertificate', undefined, secretName);
    return (
      certificate && {
        method: 'tls_client_auth',
        objects: [certificate],
        whenRefused: ', and that it knows the certificate',
        async open(store) {
          const read = await store.readSecret(certificate);
          if (!read.ok) return read;
          const [cert = '', key = ''] = read.value.split('\n\n');
          return {
            ok: true,
            authenticate: async ({ clientId }) => ({
              parameters: { client_id: clientId },
              tls: { cert, key },
            }),
          };
        },
      }
    );
  },
});
/** … and that a federated identity is … */
const federatedIdentity = method({
  name: 'federated_identity',
  meaning: 'a token of the identity of this app',
  members: { clientIdentity: z.optional(z.strictObject({ audience: z.string() })) },
  hasSharedSecret: false,
  parameters: ['client_id', 'client_assertion', 'client_assertion_type'],
  credential: ({ clientIdentity: { audience } }) => ({
    method: 'federated_identity',
    objects: [],
    whenRefused: ', and that it trusts this identity',
    async open(store) {
      const given = await store.identityToken(audience);
      if (!given.ok) return given;
      return { ok: true, authenticate: async () => ({ parameters: { client_assertion: given.token } }) };
    },
  }),
});
/** … with a line each in the table. */
const methods = [...METHODS, tlsClientAuth, federatedIdentity] as const;

const faults: string[] = [];
const read = (name: string, entry: object) =>
  readClientCredential(
    name,
    { ...entry },
    {
      clientId: 'client-1',
      objectOf: (kind, setting, vaultUrl = 'https://kv.vault.azure.net', name) => ({
        ...{ kind, setting, vaultUrl, name },
      }),
      fault: (...said) => void faults.push(said.join('; ')),
    },
    methods,
  );

const CERTIFICATE = { clientCertificate: { secretName: 'oauth-mtls' } };
const IDENTITY = { clientIdentity: { audience: 'api://AzureADTokenExchange' } };

it('a further method is a member of the schema of a grant', () => {
  const grant = z.strictObject(credentialMembers(methods));
  expect(grant.safeParse(CERTIFICATE).success).toBe(true);
  expect(grant.safeParse({ clientCertificate: { secretName: 1 } }).success).toBe(false);
  expect(Object.keys(z.toJSONSchema(grant).properties ?? {})).toEqual([
    'clientSecret',
    'clientKey',
    'clientCertificate',
    'clientIdentity',
  ]);
});

it('a further method is asked for where the provider wants it, and refused where it wants another', () => {
  expect(read('tls_client_auth', { clientSecret: { secretName: 's' } })).toBeUndefined();
  expect(read('none', IDENTITY)).toBeUndefined();
  expect(read('private_key_jwt', {})).toBeUndefined();
  expect(faults.splice(0)).toEqual([
    '; clientSecret; clientCertificate alone: the provider wants tls_client_auth, a certificate of the client',
    '; clientIdentity; no client credential: the provider wants none, the id alone, of a public client',
    '; no clientKey; clientKey alone: the provider wants private_key_jwt, an assertion that a key in Key Vault signs',
  ]);
});

const certificateOf = (commonName: string) => {
  const made = selfSignedCertificate({
    ...{ commonName, notBeforeEpochMs: 0, notAfterEpochMs: Date.parse('2099-01-01T00:00:00Z') },
  });
  return { cert: made.certificate, key: made.key };
};

/** Refreshes with what the store gives, and says what reached the server and whose certificate came with it. */
const sent = async (name: string, entry: object, secret: string) => {
  const own = certificateOf('localhost');
  let clientName: string | undefined;
  const server = await startRawHttpServer(
    (socket) => {
      const peer = (socket as TLSSocket).getPeerCertificate();
      clientName = String(peer.subject?.CN ?? '');
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    },
    { ...own, requestCert: true, rejectUnauthorized: false },
  );
  const client = await read(name, entry)?.open(credentialStore(secret));
  if (client?.ok !== true) throw new Error('no client was opened');
  await tokenEndpoint({ clock: manualClock(), ca: own.cert }).refresh({
    grantId: 'partner',
    profile: strictProfile({ tokenEndpoint: `https://localhost:${server.port}/token` }),
    clientId: 'client-1',
    authenticate: client.authenticate,
    refreshToken: 'rt-old',
    timeoutMs: 3000,
  });
  await server.close();
  return { clientName, request: server.received.join('') };
};

it('mutual TLS shows the certificate of the client to the token endpoint', async () => {
  const { cert, key } = certificateOf('client-1');
  const { clientName, request } = await sent('tls_client_auth', CERTIFICATE, `${cert.trim()}\n\n${key}`);
  expect(clientName).toBe('client-1');
  expect(request).toContain('client_id=client-1');
});

it('a federated identity sends the token that it was given for its audience', async () => {
  const { clientName, request } = await sent('federated_identity', IDENTITY, '');
  expect(clientName).toBe('');
  expect(request).toContain('client_assertion=token-for-api%3A%2F%2FAzureADTokenExchange');
});

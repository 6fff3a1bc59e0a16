import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { ClientAuthenticationMethodName } from '../../../../src/lib/oauth/clientAuthentication/methods.ts';
import { certificateOf } from '../../../fakes/certificateOf.ts';
import { type CredentialEntry, clientCredential, credentialStore } from '../../../fakes/clientCredential.ts';
import { startRawHttpServer } from '../../../fakes/rawHttpServer.ts';
import { refreshAt } from '../../../fakes/refreshAt.ts';

const CERTIFICATE = { clientCertificate: { secretName: 'oauth-mtls' } };
const IDENTITY = { clientIdentity: {} };

it.each([
  [
    'tls_client_auth',
    { clientSecret: { secretName: 's' } },
    'clientSecret; allowed: clientCertificate alone: the provider wants tls_client_auth, a certificate of the client, in the TLS handshake',
  ],
  [
    'none',
    IDENTITY,
    'clientIdentity; allowed: no client credential: the provider wants none, the id alone, of a public client',
  ],
  [
    'private_key_jwt',
    {},
    'no clientKey; allowed: clientKey alone: the provider wants private_key_jwt, an assertion that a key in Key Vault signs',
  ],
] as const)('what proves a client is what the provider wants: %s', (method, entry, fault) => {
  expect(() => clientCredential(method, entry)).toThrow(fault);
});

/** Refreshes with what the store gives, and says what reached the server and whose certificate came with it. */
const sent = async (method: ClientAuthenticationMethodName, entry: CredentialEntry, secret: string) => {
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
  const client = await clientCredential(method, entry).open(credentialStore(secret));
  if (!client.ok) throw new Error(client.message);
  const { authenticate } = client;
  await refreshAt(`https://localhost:${server.port}/token`, {
    ...{ ca: own.cert, clientId: 'client-1', authenticate },
  });
  return { clientName, request: server.received.join('') };
};

it('mutual TLS shows the certificate of the client to the token endpoint', async () => {
  const { cert, key } = certificateOf('client-1');
  const { clientName, request } = await sent(
    'tls_client_auth',
    CERTIFICATE,
    `${key}\n${certificateOf('issuer').cert}\n${cert}`,
  );
  expect(clientName).toBe('client-1');
  expect(request).toContain('client_id=client-1');
});

it('a federated identity sends the token that it was given for its audience', async () => {
  const { clientName, request } = await sent('federated_identity', IDENTITY, '');
  expect(clientName).toBe('');
  expect(request).toContain('client_assertion=token-for-api%3A%2F%2FAzureADTokenExchange');
});

describe('a certificate that no connection can be made with', () => {
  const { cert, key } = certificateOf('client-1');
  const other = certificateOf('other');
  it.each([
    ['is no PEM', 'MIIK/wIBAzCC', 'is no PEM'],
    ['has a password', `${cert}-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIK\n-----END`, 'has a password'],
    ['has no certificate', key, 'has no certificate'],
    ['has no private key', cert, 'has no private key'],
    ['has the key of another', `${other.key}${cert}`, 'belongs to none of its certificates'],
    [
      'cannot be read',
      `${key}-----BEGIN CERTIFICATE-----\nMIIK\n-----END CERTIFICATE-----`,
      'cannot be read',
    ],
  ])('%s, and is named without a part of it', async (_what, secret, why) => {
    const opened = await clientCredential('tls_client_auth', CERTIFICATE).open(credentialStore(secret));
    if (opened.ok) throw new Error('it was opened');
    expect(opened).toMatchObject({ code: 'client_certificate_unusable', retryable: false });
    expect(opened.message).toMatch(/^What secret oauth-mtls of kv-clients holds /);
    expect(opened.message).toContain(why);
    expect(JSON.stringify(opened)).not.toMatch(/MIIK|BEGIN/);
  });
});

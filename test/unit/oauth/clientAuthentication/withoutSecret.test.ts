import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readClientCredential } from '../../../../src/lib/oauth/clientAuthentication/readClientCredential.ts';
import { certificateOf } from '../../../fakes/certificateOf.ts';
import { credentialStore } from '../../../fakes/clientCredential.ts';
import { startRawHttpServer } from '../../../fakes/rawHttpServer.ts';
import { refreshAt } from '../../../fakes/refreshAt.ts';

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
  );

const CERTIFICATE = { clientCertificate: { secretName: 'oauth-mtls' } };
const IDENTITY = { clientIdentity: {} };

it('what proves a client is asked for where the provider wants it, and refused where it wants another', () => {
  expect(read('tls_client_auth', { clientSecret: { secretName: 's' } })).toBeUndefined();
  expect(read('none', IDENTITY)).toBeUndefined();
  expect(read('private_key_jwt', {})).toBeUndefined();
  expect(faults.splice(0)).toEqual([
    '; clientSecret; clientCertificate alone: the provider wants tls_client_auth, a certificate of the client, in the TLS handshake',
    '; clientIdentity; no client credential: the provider wants none, the id alone, of a public client',
    '; no clientKey; clientKey alone: the provider wants private_key_jwt, an assertion that a key in Key Vault signs',
  ]);
});

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
    const opened = await read('tls_client_auth', CERTIFICATE)?.open(credentialStore(secret));
    if (opened === undefined || opened.ok) throw new Error('it was opened');
    expect(opened).toMatchObject({ code: 'client_certificate_unusable', retryable: false });
    expect(opened.message).toMatch(/^What secret oauth-mtls of kv holds /);
    expect(opened.message).toContain(why);
    expect(JSON.stringify(opened)).not.toMatch(/MIIK|BEGIN/);
  });
});

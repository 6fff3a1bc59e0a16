import { createServer } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ProviderProfile } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { tokenEndpoint } from '../../../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import { selfSignedCertificate } from '../../../../src/local/keyVault/selfSigned.ts';
import { bySigner, publicClient } from '../../../fakes/clientCredential.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { strictProfile } from '../../../fakes/profiles.ts';
import { httpAnswer, type RawHttpServer, startRawHttpServer } from '../../../fakes/rawHttpServer.ts';

const GOOD = httpAnswer(200, {}, '{"access_token":"a","refresh_token":"rt-new","token_type":"Bearer"}');
const FAR_EPOCH_MS = Date.parse('2099-01-01T00:00:00Z');
const ownCertificate = (commonName: string) => {
  const made = selfSignedCertificate({ commonName, notBeforeEpochMs: 0, notAfterEpochMs: FAR_EPOCH_MS });
  return { key: made.key, cert: made.certificate };
};

let server: RawHttpServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const refresh = (
  address: string,
  options: {
    ca?: string;
    allowLoopback?: boolean;
    timeoutMs?: number;
    profile?: Partial<ProviderProfile>;
  } = {},
  authenticate = publicClient,
) =>
  tokenEndpoint({ clock: manualClock(), ...options }).refresh({
    grantId: 'partner-eu',
    profile: strictProfile({ tokenEndpoint: address, ...options.profile }),
    clientId: 'client-1',
    authenticate,
    refreshToken: 'rt-old',
    timeoutMs: options.timeoutMs ?? 3000,
  });

const startTls = async (commonName: string) => {
  const tls = ownCertificate(commonName);
  server = await startRawHttpServer((socket) => void socket.end(GOOD), tls);
  return { address: `https://localhost:${server.port}/token`, ca: tls.cert };
};

describe('a refresh that cannot have been sent', () => {
  it('goes to no stranger whose certificate nobody vouches for, not a byte of it, also where the environment would let it', async () => {
    const { address } = await startTls('localhost');
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await refresh(address)).toMatchObject({ kind: 'not_sent' });
    expect(server?.received.join('')).toBe('');
  });

  it('is known by a refused connection', async () => {
    server = await startRawHttpServer(() => undefined);
    const address = `http://127.0.0.1:${server.port}/token`;
    await server.close();
    server = undefined;
    expect(await refresh(address, { allowLoopback: true })).toMatchObject({ kind: 'not_sent' });
  });

  it('is known by a header that HTTP cannot carry', async () => {
    server = await startRawHttpServer((socket) => void socket.end(GOOD));
    const address = `http://127.0.0.1:${server.port}/token`;
    const profile = { accept: 'application/json\u2013' };
    expect(await refresh(address, { allowLoopback: true, profile })).toMatchObject({ kind: 'not_sent' });
    expect(server.received.join('')).toBe('');
  });

  it('is known by a certificate of another name, before a byte of it left', async () => {
    const { address, ca } = await startTls('elsewhere.example');
    expect(await refresh(address, { ca })).toMatchObject({ kind: 'not_sent' });
    expect(server?.received.join('')).toBe('');
  });

  it('is known by a TLS handshake that never ends', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const bound = silent.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const answer = await refresh(`https://127.0.0.1:${port}/`, { timeoutMs: 200 });
    silent.close();
    expect(answer).toMatchObject({ kind: 'not_sent' });
  });

  it('is known by a signer that fails or hangs', async () => {
    const { address, ca } = await startTls('localhost');
    for (const sign of [
      () => Promise.reject(new Error('403')),
      () => new Promise<Uint8Array>(() => undefined),
    ]) {
      const signer = { algorithm: 'PS256' as const, sign };
      const answer = await refresh(address, { ca, timeoutMs: 200 }, bySigner(signer));
      expect(answer).toMatchObject({ kind: 'not_sent' });
    }
    expect(server?.received).toEqual([]);
  });

  it.each([
    ['http beyond this machine', 'http://as.example/token', true],
    ['http in Azure', 'http://127.0.0.1:9/token', false],
    ['a scheme of its own', 'ftp://127.0.0.1/token', true],
    ['a password in the address', 'https://user:secret@as.example/token', true],
    ['a placeholder', 'https://as.example/{tenant}/token', true],
    ['no address', 'token', true],
  ])('is refused for %s', async (_, address, allowLoopback) => {
    const answer = await refresh(address, { allowLoopback });
    expect(answer).toMatchObject({ kind: 'not_sent', reason: expect.stringContaining('token endpoint') });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

it('reaches an https endpoint whose certificate is trusted', async () => {
  const { address, ca } = await startTls('localhost');
  expect(await refresh(address, { ca })).toMatchObject({ kind: 'tokens', refreshToken: 'rt-new' });
});

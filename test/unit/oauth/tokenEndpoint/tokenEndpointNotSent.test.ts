import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listen } from '../../../../src/local/listen.ts';
import { certificateOf } from '../../../fakes/certificateOf.ts';
import { bySigner } from '../../../fakes/clientCredential.ts';
import { manualLimits } from '../../../fakes/manualLimits.ts';
import { httpAnswer, startRawHttpServer } from '../../../fakes/rawHttpServer.ts';
import { refreshAt as refresh } from '../../../fakes/refreshAt.ts';

const GOOD = httpAnswer(200, {}, '{"access_token":"a","refresh_token":"rt-new","token_type":"Bearer"}');

const startTls = async (commonName: string) => {
  const tls = certificateOf(commonName);
  const { port, received } = await startRawHttpServer((socket) => void socket.end(GOOD), tls);
  return { address: `https://localhost:${port}/token`, ca: tls.cert, received };
};

describe('a refresh that cannot have been sent', () => {
  it('goes to no stranger whose certificate nobody vouches for, not a byte of it, also where the environment would let it', async () => {
    const { address, received } = await startTls('localhost');
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await refresh(address)).toMatchObject({ kind: 'not_sent' });
    expect(received.join('')).toBe('');
  });

  it('is known by a refused connection', async () => {
    const server = await startRawHttpServer(() => undefined);
    await server.close();
    expect(await refresh(`${server.origin}/token`)).toMatchObject({ kind: 'not_sent' });
  });

  it('is known by a header that HTTP cannot carry', async () => {
    const { origin, received } = await startRawHttpServer((socket) => void socket.end(GOOD));
    const profile = { accept: 'application/json\u2013' };
    expect(await refresh(`${origin}/token`, { profile })).toMatchObject({ kind: 'not_sent' });
    expect(received.join('')).toBe('');
  });

  it('is known by a certificate of another name, before a byte of it left', async () => {
    const { address, ca, received } = await startTls('elsewhere.example');
    expect(await refresh(address, { ca })).toMatchObject({ kind: 'not_sent' });
    expect(received.join('')).toBe('');
  });

  it('is known by a TLS handshake that never ends', async () => {
    const pass = manualLimits();
    const silent = createServer(() => pass(5_000));
    const { host } = new URL(await listen(silent, 0));
    const answer = await refresh(`https://${host}/`, { timeoutMs: 5_000 });
    silent.close();
    expect(answer).toMatchObject({ kind: 'not_sent' });
  });

  it('is known by a signer that fails or hangs', async () => {
    const { address, ca, received } = await startTls('localhost');
    const pass = manualLimits();
    for (const sign of [
      () => Promise.reject(new Error('403')),
      () => new Promise<Uint8Array>(() => pass(5_000)),
    ]) {
      const authenticate = bySigner({ algorithm: 'PS256', sign });
      const answer = await refresh(address, { ca, timeoutMs: 5_000, authenticate });
      expect(answer).toMatchObject({ kind: 'not_sent' });
    }
    expect(received).toEqual([]);
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

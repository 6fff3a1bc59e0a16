import { createServer } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import { keyVaultInventory } from '../../src/lib/scan/keyVault/keyVaultInventory.ts';
import type { Fault } from '../../src/local/keyVault/faults.ts';
import { startKeyVaultStandIn } from '../../src/local/keyVault/keyVaultStandIn.ts';
import { listen } from '../../src/local/listen.ts';
import { certificateOf } from '../fakes/certificateOf.ts';
import { manualLimits, timeIsUp } from '../fakes/manualLimits.ts';
import { impatientClock, startInventory } from '../fakes/startInventory.ts';
import { START_EPOCH_MS } from '../fakes/startKeyVault.ts';

const answer = (status: number, more: object = {}): Fault => ({
  times: Number.POSITIVE_INFINITY,
  action: { kind: 'answer', status, ...more },
});

const listWith = async (fault: Fault) => {
  const started = await startInventory();
  for (let index = 0; index < 60; index += 1) started.vault.seed.secret(`s-${index}`, { value: 'x' });
  const injected = started.vault.faults.inject(fault);
  return { ...(await started.list('secret')), hits: injected.hits(), sleptMs: started.sleptMs };
};

describe('a listing that fails', () => {
  it.each([
    [403, 'forbidden', false, /Key Vault Reader/],
    [404, 'not_found', false, /Check its name/],
    [400, 'rejected', false, /report/],
    [429, 'throttled', true, /next run/],
    [500, 'server_error', true, /next run/],
    [302, 'malformed_answer', true, /changes answers/],
  ] as const)('with HTTP %i is %s, retryable: %s', async (status, reason, retryable, action) => {
    const headers = { location: 'http://127.0.0.1:9/secrets' };
    const { listing, pages } = await listWith(answer(status, { headers }));
    expect(listing).toMatchObject({
      ok: false,
      pages: 0,
      failure: { reason, retryable, httpStatus: status, action: expect.stringMatching(action) },
    });
    expect(pages).toEqual([]);
  });

  it('at the vault firewall asks for the network, not for a role', async () => {
    const { listing } = await listWith(answer(403, { code: 'Forbidden', innerCode: 'ForbiddenByFirewall' }));
    expect(listing).toMatchObject({
      failure: { reason: 'forbidden', action: expect.stringMatching(/firewall/) },
    });
  });

  it.each(['AccessDenied', 'ForbiddenByPolicy'])(
    'for want of an access policy (%s) says that the vault does not go by roles',
    async (innerCode) => {
      const { listing } = await listWith(answer(403, { code: 'Forbidden', innerCode }));
      expect(listing).toMatchObject({
        failure: {
          reason: 'forbidden',
          message: expect.stringMatching(/uses access policies, not roles/),
          action: expect.stringMatching(/RBAC.*access policy with List/),
        },
      });
    },
  );

  it('for want of a role asks for the role, not for an access policy', async () => {
    const { listing } = await listWith(answer(403, { code: 'Forbidden', innerCode: 'ForbiddenByRbac' }));
    expect(listing).toMatchObject({
      failure: {
        message: expect.not.stringContaining('polic'),
        action: expect.stringMatching(/Key Vault Reader/),
      },
    });
  });

  it('half-way is a failure that says how far it came, never a complete listing', async () => {
    const { listing, pages } = await listWith({ ...answer(403), skip: 2 });
    expect(listing).toMatchObject({
      ok: false,
      pages: 2,
      failure: { message: expect.stringMatching(/after 2 pages \(50 secrets\)/) },
    });
    expect(pages.flat()).toHaveLength(50);
  });

  it('for the moment is tried again until it succeeds, without a page twice', async () => {
    const fault: Fault = { skip: 1, times: 3, action: { kind: 'answer', status: 503 } };
    const { listing, pages, sleptMs } = await listWith(fault);
    expect(listing).toEqual({ ok: true, pages: 3 });
    expect(new Set(pages.flat().map(({ name }) => name)).size).toBe(60);
    expect(sleptMs).toEqual([500, 1_000, 2_000]);
  });

  it('with 429 waits as long as it is reported, and on its own measure when told nothing', async () => {
    const told = await listWith({ action: { kind: 'answer', status: 429, headers: { 'retry-after': '7' } } });
    expect(told.sleptMs).toEqual([7_000]);
    const unreported = await listWith({ action: { kind: 'answer', status: 429 } });
    expect([unreported.listing.ok, unreported.sleptMs]).toEqual([true, [500]]);
  });

  it('with 429 for longer than a minute gives up at once', async () => {
    const { listing, hits, sleptMs } = await listWith(answer(429, { headers: { 'retry-after': '90' } }));
    expect([hits, sleptMs]).toEqual([1, []]);
    expect(listing).toMatchObject({ failure: { message: expect.stringMatching(/for 90 s/) } });
  });

  it.each(['drop_before_commit', 'truncate'] as const)('survives one %s', async (kind) => {
    const { listing, pages } = await listWith({ skip: 1, action: { kind } });
    expect(listing).toEqual({ ok: true, pages: 3 });
    expect(pages.flat()).toHaveLength(60);
  });

  it.each([
    ['drop_before_commit', 'connection'],
    ['truncate', 'malformed_answer'],
  ] as const)('by %s again and again is %s', async (kind, reason) => {
    const { listing } = await listWith({ times: Number.POSITIVE_INFINITY, action: { kind } });
    expect(listing).toMatchObject({ ok: false, failure: { reason, retryable: true } });
  });

  it.each(['<html>sign in to the hotel network</html>', '{"value":"none"}', '{"message":"later"}', '[]', ''])(
    'with an answer that is no listing (%j) is malformed_answer',
    async (body) => {
      const { listing } = await listWith(answer(200, { body }));
      expect(listing).toMatchObject({ ok: false, failure: { reason: 'malformed_answer' } });
    },
  );

  it('takes no token to another host that a page points to', async () => {
    const foreign = await startInventory();
    const body = JSON.stringify({ value: [], nextLink: `${foreign.vault.url}/secrets?api-version=7.5` });
    const { listing } = await listWith(answer(200, { body }));
    expect(listing).toMatchObject({ ok: false, pages: 1, failure: { reason: 'malformed_answer' } });
    expect(foreign.vault.wireLog).toEqual([]);
  });

  it('follows no redirect, within the vault neither', async () => {
    const { vault, list } = await startInventory();
    vault.faults.inject(answer(307, { headers: { location: '/keys?api-version=7.5' } }));
    expect((await list('secret')).listing).toMatchObject({ failure: { reason: 'malformed_answer' } });
    expect(vault.wireLog.map(({ path }) => path)).toEqual(['/secrets', '/secrets']);
  });

  it('asks for no value when a page points to one', async () => {
    const { vault, list } = await startInventory();
    vault.seed.secret('token', { value: 'x' });
    const body = JSON.stringify({ value: [], nextLink: `${vault.url}/secrets/token?api-version=7.5` });
    vault.faults.inject(answer(200, { body }));
    expect((await list('secret')).listing).toMatchObject({ failure: { reason: 'malformed_answer' } });
    expect(vault.wireLog.map(({ path }) => path)).toEqual(['/secrets', '/secrets']);
  });

  it('by hanging is a timeout, tried again within the limit of the vault', async () => {
    const pass = manualLimits();
    const hang: Fault = { onHit: () => pass(MINUTE_MS), action: { kind: 'hang' } };
    const once = await listWith(hang);
    expect(once.listing).toEqual({ ok: true, pages: 3 });
    const always = await listWith({ ...hang, times: Number.POSITIVE_INFINITY });
    expect(always.listing).toMatchObject({ failure: { reason: 'timeout', retryable: true } });
    expect(always.hits).toBe(4);
  });

  it('ends when the limit of the vault does, in the middle of a later page too', async () => {
    const { vault, list } = await startInventory();
    for (let index = 0; index < 60; index += 1) vault.seed.secret(`s-${index}`, { value: 'x' });
    const limit = new AbortController();
    const onHit = () => limit.abort(timeIsUp());
    const hung = vault.faults.inject({ skip: 1, times: 9, onHit, action: { kind: 'hang' } });
    const { listing } = await list('secret', limit.signal);
    expect(listing).toMatchObject({ ok: false, pages: 1, failure: { reason: 'timeout' } });
    expect(hung.hits()).toBe(1);
  });
});

describe('a vault that cannot be reached', () => {
  const inventoryOf = (
    allowLoopback: boolean,
    getToken = async () => ({ token: 'x.y', expiresOnTimestamp: 0 }),
  ) => keyVaultInventory({ credential: { getToken }, clock: impatientClock().clock, allowLoopback });
  const listing = (inventory: ReturnType<typeof inventoryOf>, vaultUrl: string) =>
    inventory.list(vaultUrl, 'secret', () => {
      throw new Error('there is no page to hand over');
    });

  it('on loopback is refused outside local mode, before anything is sent', async () => {
    const { vault } = await startInventory();
    expect(await listing(inventoryOf(false), vault.url)).toMatchObject({ failure: { reason: 'rejected' } });
    expect(vault.wireLog).toEqual([]);
  });

  it('at a host that is no vault gets no token', async () => {
    expect(await listing(inventoryOf(true), 'https://evil.example')).toMatchObject({
      failure: { reason: 'rejected', retryable: false },
    });
  });

  it('because nobody listens there is a connection failure', async () => {
    const standIn = await startKeyVaultStandIn({
      vaults: [{ name: 'closed' }],
      nowEpochMs: () => START_EPOCH_MS,
    });
    const { url } = standIn.vault('closed');
    await standIn.close();
    expect(await listing(inventoryOf(true), url)).toMatchObject({ failure: { reason: 'connection' } });
  });

  it('with a certificate that nobody vouches for is a TLS failure', async () => {
    const server = createServer(certificateOf('localhost'), (_request, response) => response.end('{}'));
    onTestFinished(() => void server.close());
    const { host } = new URL(await listen(server, 0));
    expect(await listing(inventoryOf(true), `https://${host}`)).toMatchObject({
      failure: { reason: 'tls', retryable: false },
    });
  });

  it('with a token of somebody else is unauthorized', async () => {
    const { vault } = await startInventory();
    expect(await listing(inventoryOf(true), vault.url)).toMatchObject({
      failure: { reason: 'unauthorized', httpStatus: 401 },
    });
  });

  it('for want of any token is unauthorized', async () => {
    const { vault } = await startInventory();
    const failing = inventoryOf(true, async () => {
      throw Object.assign(new Error('no identity here'), { name: 'CredentialUnavailableError' });
    });
    expect(await listing(failing, vault.url)).toMatchObject({ failure: { reason: 'unauthorized' } });
  });
});

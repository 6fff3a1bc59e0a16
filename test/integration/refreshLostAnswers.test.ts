import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import {
  type NodeOauthServer,
  startNodeOauthServer,
} from '../../src/local/authorizationServers/nodeOauthServer.ts';
import { buildStage, type Stage } from './refresh/stage.ts';

let stage: Stage;
let second: NodeOauthServer;
let tests = 0;
beforeAll(async () => {
  stage = await buildStage();
  const { nowEpochMs } = stage.clock;
  const asked = { scope: 'api.read', isCallback: () => false };
  second = await startNodeOauthServer({ name: 'node-oauth', lifetimeDays: 90, nowEpochMs, ...asked });
});
beforeEach(() => {
  tests += 1;
});
afterAll(async () => {
  await second.close();
  await stage.close();
});

const grantOf = (name: 'strict' | 'graceful') => stage.addGrant(stage.servers[name], `answers-${tests}`);

describe('at a strict server', () => {
  it('keeps a token whose request never arrived, after waiting until nobody can hold its successor', async () => {
    const staged = await grantOf('strict');
    staged.server.inject({ kind: 'lose_request' });
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'ambiguous', code: 'answer_lost' });
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'waiting' });
    stage.clock.moveForward(61 * MINUTE_MS);
    expect(await stage.runOnce(staged, 'reconcile')).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(await stage.storedTokenWorks(staged)).toBe(true);
    expect(staged.server.revokedGrants).toEqual([]);
  });

  it('cannot keep one whose answer was lost, and says so at once and again when it is certain', async () => {
    const staged = await grantOf('strict');
    const requests = staged.server.tokenRequests();
    staged.server.inject({ kind: 'lose_answer' });
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'ambiguous', code: 'answer_lost' });
    stage.clock.moveForward(61 * MINUTE_MS);
    expect(await stage.runOnce(staged, 'reconcile')).toMatchObject({ kind: 'dead' });
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'quarantined' });
    // One refresh and one confirmation: a dead grant is not hammered.
    expect(staged.server.tokenRequests() - requests).toBe(2);
  });

  it('takes up a grant again as soon as a person has put a new token into the vault', async () => {
    const staged = await grantOf('strict');
    staged.server.inject({ kind: 'lose_answer' });
    await stage.runOnce(staged, 'manual');
    stage.clock.moveForward(61 * MINUTE_MS);
    expect(await stage.runOnce(staged, 'reconcile')).toMatchObject({ kind: 'dead' });
    await stage.consentAgain(staged);
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'refreshed' });
    expect(await stage.storedTokenWorks(staged)).toBe(true);
  });
});

describe('at the second server', () => {
  it('takes a 503 whose token was revoked, and not replaced, for an attempt of unknown end', async () => {
    const staged = await stage.addGrant(second, 'half-saved');
    second.failNextSave();
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'ambiguous', httpStatus: 503 });
    stage.clock.moveForward(61 * MINUTE_MS);
    expect(await stage.runOnce(staged, 'reconcile')).toMatchObject({ kind: 'dead', code: 'answer_lost' });
  });
});

describe('behind a proxy that answers for the server after it has rotated', () => {
  const STATUSES = [408, 425, 500, 502, 503, 504];

  it.each(STATUSES)('a strict grant hears %i: nobody calls the token unspent', async (status) => {
    for (const server of [stage.servers.strict, second]) {
      const staged = await stage.addGrant(server, `proxy-${status}-${server.name}`);
      const [requests, replays] = [server.tokenRequests(), server.revokedGrants.length];
      server.inject({ kind: 'proxy_error', status });
      expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'ambiguous', httpStatus: status });
      expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'waiting' });
      expect(server.tokenRequests() - requests).toBe(1);
      expect(server.revokedGrants).toHaveLength(replays);
    }
  });

  it.each(STATUSES)('a grant with a grace period lives on after %i', async (status) => {
    const staged = await stage.addGrant(stage.servers.graceful, `grace-proxy-${status}`);
    staged.server.inject({ kind: 'proxy_error', status });
    await stage.runOnce(staged, 'manual');
    stage.clock.moveForward(80_000);
    await stage.runOnce(staged, 'watchdog');
    expect(await stage.storedTokenWorks(staged)).toBe(true);
    expect(staged.server.revokedGrants).toEqual([]);
  });
});

it.each(['strict', 'graceful', 'odd'] as const)(
  'reads what the %s server sends byte by byte',
  async (name) => {
    const staged = await stage.addGrant(stage.servers[name], `dribble-${name}`);
    staged.server.inject({ kind: 'dribble', msBetweenBytes: 2 });
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(await stage.storedTokenWorks(staged)).toBe(true);
  },
);

describe('at a server with a grace period', () => {
  it.each(['lose_request', 'lose_answer'] as const)('asks again at once (%s)', async (kind) => {
    const staged = await grantOf('graceful');
    staged.server.inject({ kind });
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(await stage.storedTokenWorks(staged)).toBe(true);
    expect(staged.server.revokedGrants).toEqual([]);
  });

  it('loses nothing when the worker is killed while the answer is on its way', async () => {
    const staged = await grantOf('graceful');
    const before = staged.server.tokenRequests();
    staged.server.inject({ kind: 'delay', until: new Promise(() => {}) });
    const worker = await stage.startWorker(staged);
    const run = worker.run();
    await vi.waitUntil(() => staged.server.tokenRequests() > before, { timeout: 20_000 });
    await systemClock.sleep(100);
    await worker.kill();
    expect(await run).toMatchObject([{ outcome: 'killed' }]);
    expect(await stage.storedTokenWorks(staged)).toBe(true);
    await stage.endLease(staged);
    stage.clock.moveForward(80_000);
    expect(await stage.runOnce(staged, 'watchdog')).toMatchObject({ kind: 'refreshed' });
    expect(await stage.storedTokenWorks(staged)).toBe(true);
  });
});

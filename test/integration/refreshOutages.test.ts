import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { refreshTimings } from '../../src/lib/refresh/rules/refreshTimings.ts';
import { buildStage, type Stage, type StagedGrant } from './refresh/stage.ts';
import type { WorkerRun } from './refresh/workerProcess.ts';

let stage: Stage;
let staged: StagedGrant;
let tests = 0;
beforeAll(async () => {
  stage = await buildStage({ keeps: true, skipsMs: refreshTimings({ kind: 'strict' }).secondStoreMs });
});
beforeEach(async () => {
  tests += 1;
  staged = await stage.addGrant(stage.servers.strict, `outage-${tests}`);
});
// A test that failed half-way must not take the others with it.
afterEach(() => stage.startAll());
afterAll(() => stage.close());

const until = (happened: () => boolean) => vi.waitUntil(happened, { timeout: 20_000 });

/** Runs a worker and calls `during` while the answer to its refresh is on its way: the token is spent by then. */
const refreshWhile = async (
  during: () => Promise<void>,
  onceAnswered = async () => {},
): Promise<WorkerRun> => {
  const { strict } = stage.servers;
  const before = strict.tokenRequests();
  const answering = Promise.withResolvers<void>();
  strict.inject({ kind: 'delay', until: answering.promise });
  const worker = await stage.startWorker(staged);
  const running = worker.run();
  await until(() => strict.tokenRequests() > before);
  await during();
  answering.resolve();
  await onceAnswered();
  const [run] = await running;
  await worker.kill();
  return run as WorkerRun;
};

const expectAlive = async (): Promise<void> => {
  expect(await stage.storedTokenWorks(staged)).toBe(true);
  expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'refreshed' });
  expect(await stage.storedTokenWorks(staged)).toBe(true);
  expect(stage.servers.strict.revokedGrants).toEqual([]);
};

describe('a store that goes down after the token was spent', () => {
  it('does not cost the token when it is the vault: the control record keeps it until the vault is back', async () => {
    const run = await refreshWhile(() => stage.stopVault());
    expect(run.outcome).toMatchObject({
      kind: 'not_stored',
      message: expect.stringContaining('control blob'),
    });
    expect(await stage.runOnce(staged, 'reconcile')).toMatchObject({ kind: 'not_stored' });
    await stage.startVault();
    expect(await stage.runOnce(staged, 'reconcile')).toMatchObject({ kind: 'recovered' });
    await expectAlive();
  });

  it('does not cost the token when it is the control store: the vault has it, and the record follows', async () => {
    const run = await refreshWhile(() => stage.stopStorage());
    expect(run.outcome).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(await stage.storedTokenWorks(staged)).toBe(true);
    expect(await stage.runOnce(staged, 'reconcile')).toMatchObject({ kind: 'transient_failure' });
    await stage.startStorage();
    await stage.endLease(staged);
    expect(await stage.runOnce(staged, 'reconcile')).toMatchObject({ kind: 'recovered' });
    await expectAlive();
  });

  it('does not cost the token when it is both, while the worker lives to see one come back', async () => {
    const writes = () => stage.printed.filter((line) => /"(control|vault|fallback)\.\w+"/.test(line)).length;
    const run = await refreshWhile(
      () => Promise.all([stage.stopVault(), stage.stopStorage()]).then(() => undefined),
      async () => {
        const before = writes();
        // The token waits in memory, refused by everything.
        await until(() => writes() - before > 10);
        await stage.startVault();
      },
    );
    await stage.startStorage();
    await stage.endLease(staged);
    expect(run.outcome).toMatchObject({ kind: 'refreshed' });
    await stage.runOnce(staged, 'reconcile');
    await expectAlive();
  });
});

describe('a store that is down before the token is spent', () => {
  it('stops the refresh, and nothing is sent', async () => {
    await stage.runOnce(staged, 'manual');
    const before = stage.servers.strict.tokenRequests();
    await stage.stopVault();
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'transient_failure' });
    await stage.startVault();
    await stage.stopStorage();
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'transient_failure' });
    await stage.startStorage();
    await stage.endLease(staged);
    expect(stage.servers.strict.tokenRequests()).toBe(before);
    await expectAlive();
  });
});

it('lets no token out of the vault, unsealed, in any outage', async () => {
  const values = [...(await stage.secretValues())].filter((value) => value !== '');
  expect(values.length).toBeGreaterThan(5);
  for (const [where, text] of await stage.texts())
    expect({ where, leaks: values.some((value) => text.includes(value)) }).toEqual({ where, leaks: false });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import type { RefreshOutcome } from '../../src/lib/refresh/refreshOutcome.ts';
import type { LocalAuthorizationServer } from '../../src/local/authorizationServers/localServer.ts';
import { startNodeOauthServer } from '../../src/local/authorizationServers/nodeOauthServer.ts';
import { inTurn } from './refresh/inTurn.ts';
import type { Halt } from './refresh/meetingPoint.ts';
import { buildStage, type Stage, type StagedGrant } from './refresh/stage.ts';
import type { WorkerRun } from './refresh/workerProcess.ts';

let stage: Stage;
let secondServer: LocalAuthorizationServer;
beforeAll(async () => {
  stage = await buildStage();
  const { nowEpochMs } = stage.clock;
  const asked = { scope: 'api.read', isCallback: () => false };
  secondServer = await startNodeOauthServer({ name: 'node-oauth', lifetimeDays: 90, nowEpochMs, ...asked });
});
afterAll(async () => {
  await secondServer.close();
  await stage.close();
});

interface Crash extends StagedGrant {
  readonly run: WorkerRun;
}

const runAll = async (...grants: readonly (StagedGrant & Halt)[]): Promise<Crash[]> => {
  const worker = await stage.startWorker(...grants);
  try {
    const runs = await worker.run();
    return runs.map((run, index) => ({ ...(grants[index] as StagedGrant), run }));
  } finally {
    await worker.end();
  }
};

const SPENDING = 'server.refresh';
/** So many calls to record and vault follow, side by side: an attempt that waits there for others goes on elsewhere. */
const SIDE_BY_SIDE = 3;

/**
 * A clean run, then an attempt killed at the end of each of its calls: those side by side in a worker of their own
 * each, the others in one worker, when all have come there.
 */
const crashEverywhere = async (server: LocalAuthorizationServer): Promise<Crash[]> => {
  const { name } = server;
  const [clean] = await runAll(await stage.addGrant(server, `${name}-clean`));
  expect(clean?.run.outcome).toMatchObject({ kind: 'refreshed', rotated: true });
  const calls = clean?.run.calls ?? [];
  const points = calls.slice(0, -1).map((_, index) => index + 1);
  expect(points.length).toBeGreaterThan(15);
  const halting = await inTurn(points, async (haltAfter) => ({
    ...(await stage.addGrant(server, `${name}-${haltAfter}`)),
    haltAfter,
  }));
  const spentAt = calls.indexOf(SPENDING) + 1;
  const sideBySide = halting.slice(spentAt, spentAt + SIDE_BY_SIDE);
  const others = halting.filter((one) => !sideBySide.includes(one));
  const workers = [others, ...sideBySide.map((alone) => [alone])];
  const crashes = (await inTurn(workers, (grants) => runAll(...grants))).flat();
  expect(crashes.map(({ run }) => [run.outcome, run.calls.length])).toEqual(
    workers.flat().map(({ haltAfter }) => ['killed', haltAfter]),
  );
  return crashes;
};

/** The only window in which OAuth itself makes a loss possible: received, and not yet acknowledged anywhere. */
const wasOnlyInMemory = ({ run }: Crash): boolean => {
  const received = run.calls.indexOf(SPENDING);
  return received >= 0 && !run.calls.slice(received).some((call) => /^(control|vault)\.write$/.test(call));
};

const inspectAll = (
  crashes: readonly Crash[],
  trigger: 'reconcile' | 'watchdog' | 'manual',
): Promise<RefreshOutcome[]> =>
  inTurn(crashes, async (crash) => {
    await stage.endLease(crash);
    return stage.runOnce(crash, trigger);
  });

const survivors = async (crashes: readonly Crash[]): Promise<Crash[]> => {
  const works = await inTurn(crashes, (crash) => stage.storedTokenWorks(crash));
  return crashes.filter((_, index) => works[index]);
};

const namesOf = (crashes: readonly Crash[]): string[] => crashes.map(({ run }) => run.calls.join(' > '));

describe('a worker killed after each of its steps', () => {
  it.each([
    ['oidc-provider', () => stage.servers.strict],
    ['@node-oauth/oauth2-server', () => secondServer],
  ])(
    'loses a token of a strict %s only while that is nowhere but in its memory, and says so',
    async (_, of) => {
      const server = of();
      const crashes = await crashEverywhere(server);
      // The last that was killed: on a slow machine the lease of the first is over by now.
      for (const crash of crashes.slice(-1))
        expect(await stage.runOnce(crash, 'reconcile')).toEqual({ kind: 'busy' });
      const requestsBefore = server.tokenRequests();
      // A minute later nobody knows whether a worker that had begun still runs: its token is not sent again.
      const soon = await inspectAll(crashes, 'reconcile');
      const refreshed = soon.filter(({ kind }) => kind === 'refreshed');
      expect(server.tokenRequests() - requestsBefore).toBe(refreshed.length);
      expect(server.revokedGrants).toEqual([]);
      stage.clock.moveForward(61 * MINUTE_MS);
      const outcomes = await inspectAll(crashes, 'reconcile');
      const alive = await survivors(crashes);
      const lost = crashes.filter((crash) => !alive.includes(crash));
      expect(namesOf(lost.filter((crash) => !wasOnlyInMemory(crash)))).toEqual([]);
      expect(lost.length).toBeGreaterThan(0);
      // Said at the first look already, long before it is certain.
      for (const crash of lost) expect(soon[crashes.indexOf(crash)]).toMatchObject({ kind: 'ambiguous' });
      for (const crash of lost) expect(outcomes[crashes.indexOf(crash)]).toMatchObject({ kind: 'dead' });
      expect(server.revokedGrants).toHaveLength(lost.length);
      const again = await inspectAll(alive, 'manual');
      expect(again.map(({ kind }) => kind)).toEqual(alive.map(() => 'refreshed'));
      expect(namesOf(await survivors(alive))).toEqual(namesOf(alive));
      const quarantined = await inspectAll(lost, 'manual');
      expect(quarantined.map(({ kind }) => kind)).toEqual(lost.map(() => 'quarantined'));
    },
  );

  it('loses nothing of a provider with a grace period', async () => {
    const crashes = await crashEverywhere(stage.servers.graceful);
    stage.clock.moveForward(80_000);
    await inspectAll(crashes, 'watchdog');
    expect(namesOf(await survivors(crashes))).toEqual(namesOf(crashes));
    const again = await inspectAll(crashes, 'manual');
    expect(again.map(({ kind }) => kind)).toEqual(crashes.map(() => 'refreshed'));
    expect(namesOf(await survivors(crashes))).toEqual(namesOf(crashes));
    expect(stage.servers.graceful.revokedGrants).toEqual([]);
  });
});

it('refreshes at a server whose answers conform to nothing', async () => {
  const staged = await stage.addGrant(stage.servers.odd, 'odd-shapes');
  for (let seq = 2; seq <= 5; seq += 1) {
    expect(await stage.runOnce(staged, 'manual')).toMatchObject({ kind: 'refreshed', seq });
    expect(await stage.storedTokenWorks(staged)).toBe(true);
  }
});

it('lets no token out of the vault, unsealed', async () => {
  const values = [...(await stage.secretValues())].filter((value) => value !== '');
  expect(values.length).toBeGreaterThan(50);
  const leaks: string[] = [];
  for (const [where, text] of await stage.texts())
    if (values.some((value) => text.includes(value))) leaks.push(where);
  expect(leaks).toEqual([]);
});

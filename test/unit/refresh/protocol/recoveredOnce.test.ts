import { describe, expect, it } from 'vitest';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import {
  copyOf,
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { breakPort, mend, runTimerEvery } from '../../../fakes/refresh/worldEvents.ts';

const PERIOD_MS = 5 * 60_000;

/** The worker ends when its new token is in the control record only, or in the vault only. */
const endedAfter = async (end: 'sealed' | 'stored'): Promise<RefreshWorld> => {
  const world = refreshWorld({ kind: 'strict' });
  const slowRecord = end === 'stored';
  const { calls } = await runSolo(copyOf(world), { slowRecord });
  const last = end === 'sealed' ? 'control.write' : 'vault.write';
  const crashAfterCalls = calls.indexOf(last, calls.indexOf('server.refresh')) + 1;
  await runSolo(world, { slowRecord, crashAfterCalls });
  expect(world.control.body).toContain(`"state": "${end === 'sealed' ? 'sealed' : 'intent'}"`);
  return world;
};

/** Outcomes of the grant in any event, each once, in the order of their first. */
const reported = (world: RefreshWorld) => {
  const events = world.telemetry.events.filter(({ name }) => name.startsWith('keywatch.grant.'));
  return [...new Set(events.map(({ attributes }) => Reflect.get(attributes, 'outcome')))];
};

describe('a token that an earlier worker left behind', () => {
  const untilThen = { sealed: 'not_stored', stored: 'transient_failure' } as const;
  const faults = {
    'the list of versions cannot be had': (world: RefreshWorld) =>
      breakPort(world, 'vault', () => ({ listVersions: async () => failure('vault', 'throttled') })),
    'the record cannot be written': (world: RefreshWorld) =>
      breakPort(world, 'control', () => ({ write: async () => failure('control', 'forbidden') })),
  };
  for (const end of ['sealed', 'stored'] as const)
    for (const [fault, begin] of Object.entries(faults))
      it(`is not reported as recovered while ${fault} (${end}), and once when it can`, async () => {
        const world = await endedAfter(end);
        begin(world);
        await runTimerEvery(world, PERIOD_MS, 6);
        expect(reported(world)).toEqual([untilThen[end]]);
        expect(storedTokenWorks(world)).toBe(true);
        mend(world);
        await runTimerEvery(world, PERIOD_MS, 30);
        expect(reported(world)).toEqual([untilThen[end], 'recovered', 'refreshed']);
        const refreshes = world.telemetry.eventsNamed('keywatch.grant.refreshed');
        expect(refreshes.filter(({ outcome }) => outcome === 'recovered')).toHaveLength(1);
      });
});

it('a sealed token is what is open, whatever else cannot be had: it is said where it is', async () => {
  const world = await endedAfter('sealed');
  world.elapsedMs += PERIOD_MS;
  world.vault.down = true;
  const { outcome } = await runSolo(world);
  expect(outcome).toMatchObject({ kind: 'not_stored', code: 'vault_unavailable', seq: 2 });
});

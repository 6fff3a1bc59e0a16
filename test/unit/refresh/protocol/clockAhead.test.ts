import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import type {
  ControlRecord,
  DeadPhase,
  IntentPhase,
} from '../../../../src/lib/refresh/rules/controlRecord.ts';
import { writeControlRecord } from '../../../../src/lib/refresh/rules/controlRecordText.ts';
import { digestOf } from '../../../../src/lib/stores/digestOf.ts';
import { runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import {
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { crashBehind, runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { consentByHand, recordOf } from '../../../fakes/refresh/worldEvents.ts';

const liveFor = async (world: RefreshWorld, days: number): Promise<void> => {
  for (const endMs = world.elapsedMs + days * DAY_MS; world.elapsedMs < endMs; world.elapsedMs += 600_000)
    await runTimer(world);
};

describe('a record that a clock ahead has written', () => {
  const ahead = (world: RefreshWorld, changes: (aheadEpochMs: number) => Partial<ControlRecord>): void => {
    const changed = { ...recordOf(world), ...changes(worldNow(world) + 400 * DAY_MS) };
    world.control.body = writeControlRecord(changed, digestOf);
  };

  it('does not keep a new consent from being taken up after a death', async () => {
    const world = refreshWorld({ kind: 'strict' });
    await runSolo(world);
    world.server.consent();
    await runSolo(world, { trigger: 'manual' });
    expect(recordOf(world).phase.state).toBe('dead');
    ahead(world, (reconciledAtEpochMs) => ({ reconciledAtEpochMs }));
    consentByHand(world);
    await liveFor(world, 0.05);
    expect(recordOf(world).phase.state).toBe('idle');
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('does not keep the end of an attempt from being found, and opens no window for its token', async () => {
    for (const rotation of [{ kind: 'strict' }, { kind: 'grace', graceSeconds: 600 }] as const) {
      const world = refreshWorld(rotation);
      await runSolo(world);
      world.elapsedMs += 50 * DAY_MS;
      await crashBehind(world, 'server.refresh', -2);
      expect(recordOf(world).phase.state).toBe('intent');
      world.elapsedMs += 20 * 60_000;
      ahead(world, (epochMs) => ({
        phase: {
          ...(recordOf(world).phase as IntentPhase),
          startedAtEpochMs: epochMs,
          retryFromEpochMs: epochMs,
          graceUntilEpochMs: epochMs + 600_000,
          lastResortFromEpochMs: epochMs + 3_600_000,
          graceAnchorEpochMs: epochMs,
        },
      }));
      await liveFor(world, 0.03);
      expect(world.server.state.requests).toBe(1);
      await liveFor(world, 0.05);
      expect(world.server.state.requests).toBe(2);
      expect(recordOf(world).phase.state).toBe('idle');
      expect(storedTokenWorks(world)).toBe(true);
    }
  });

  it('does not keep a dead token from being tried again', async () => {
    for (const changes of [
      (epochMs: number) => ({ sinceEpochMs: epochMs }),
      (epochMs: number) => ({ triedEpochMs: epochMs }),
    ]) {
      const world = refreshWorld({ kind: 'keeps_old' });
      await runSolo(world);
      world.server.consent();
      await runSolo(world, { trigger: 'manual' });
      const phase = recordOf(world).phase as DeadPhase;
      const failures = { ...recordOf(world).failures, consecutive: 1 };
      ahead(world, (epochMs) => ({
        phase: { ...phase, ...changes(epochMs) },
        failures: { ...failures, notBeforeEpochMs: epochMs },
      }));
      const before = world.server.state.requests;
      await liveFor(world, 2);
      const tries = world.server.state.requests - before;
      expect(tries).toBeGreaterThan(0);
      expect(tries).toBeLessThanOrEqual(3);
    }
  });
});

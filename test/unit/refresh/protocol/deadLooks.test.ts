import { describe, expect, it } from 'vitest';
import { runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import { refreshWorld } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';

const MINUTE_MS = 60_000;

describe('a dead grant', () => {
  it('is looked at every 15 minutes, not at every run, for as long as it is dead', async () => {
    const world = refreshWorld({ kind: 'strict' });
    world.server.consent();
    await runSolo(world);
    expect(world.control.body).toContain('"state": "dead"');
    const reconciledAtMinutes: number[] = [];
    world.sabotage = (ports) => ({
      ...ports,
      vault: {
        ...ports.vault,
        readLatest: (secret) => {
          reconciledAtMinutes.push(Math.round((world.elapsedMs - beganMs) / MINUTE_MS));
          return ports.vault.readLatest(secret);
        },
      },
    });
    const beganMs = world.elapsedMs;
    for (let minute = 5; minute <= 26 * 60; minute += 5) {
      world.elapsedMs = beganMs + minute * MINUTE_MS;
      await runTimer(world);
    }
    const waits = reconciledAtMinutes
      .slice(1)
      .map((minute, index) => minute - (reconciledAtMinutes[index] ?? 0));
    expect(reconciledAtMinutes.length).toBeGreaterThan(26 * 3);
    expect(new Set(waits)).toEqual(new Set([15]));
  });
});

import { describe, expect, it } from 'vitest';
import type { RefreshPorts } from '../../../../src/lib/refresh/ports.ts';
import { endOutages } from '../../../fakes/refresh/healthyRuns.ts';
import { refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';

const worldWith = (broken: (ports: RefreshPorts) => Partial<RefreshPorts>) => {
  const world = refreshWorld({ kind: 'strict' });
  world.sabotage = (ports) => ({ ...ports, ...broken(ports) });
  return world;
};

const fail = () => Promise.reject(new Error('this never happens'));

describe('with a new token in hand, a port that throws although it promises not to', () => {
  it('does not lose it when telling of the call fails after the answer came', async () => {
    const world = worldWith(({ telemetry }) => ({
      telemetry: { ...telemetry, httpCall: async (_call, run) => run().then(fail) },
    }));
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('does not lose it when the fallback store throws while both stores are down', async () => {
    const world = worldWith(({ fallback }) => ({ fallback: { ...fallback, put: fail } }));
    let answeredMs: number | undefined;
    const { outcome } = await runSolo(world, {
      beforeCall: (_index, name) => {
        if (name === 'server.refresh') {
          answeredMs = world.elapsedMs;
          world.vault.down = true;
          world.control.down = true;
        } else if (answeredMs !== undefined && world.elapsedMs - answeredMs > 30_000) endOutages(world);
      },
    });
    expect(outcome).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import { failRequests } from '../../fakes/refresh/worldEvents.ts';
import { tokenScene } from '../../fakes/tokenScene.ts';

describe('what is reported of callers who get no token', () => {
  it('is each reason by itself, and two that take turns are no event for each request', async () => {
    const { world, ask } = await tokenScene();
    world.elapsedMs += HOUR_MS;
    failRequests(world, 'refused_connection', 1_000);
    await ask();
    for (let times = 0; times < 10; times++) {
      world.control.down = times % 2 === 0;
      await ask();
    }
    world.elapsedMs += MINUTE_MS;
    world.control.down = true;
    await ask();
    const events = world.telemetry.eventsNamed('keywatch.token.unavailable');
    expect(events.map(({ reason, refusals }) => [reason, refusals])).toEqual([
      ['refresh_failing', 1],
      ['record_unreadable', 1],
      ['record_unreadable', 5],
    ]);
  });

  it('is each of them at once, and then once a minute how often', async () => {
    const { world, ask } = await tokenScene();
    world.control.down = true;
    const refusals = () =>
      world.telemetry
        .eventsNamed('keywatch.token.unavailable')
        .map(({ objectId, refusals: times }) => [objectId, times]);
    await Promise.all(Array.from({ length: 50 }, () => ask()));
    await ask({}, 'billing');
    expect(refusals()).toEqual([
      ['orders', 1],
      ['billing', 1],
    ]);
    world.elapsedMs += MINUTE_MS;
    await ask();
    expect(refusals().slice(2)).toEqual([['orders', 50]]);
    world.control.down = false;
    await ask();
    expect(refusals()).toHaveLength(3);
  });

  it('is nothing of those who ask too often, or for a grant that there is not', async () => {
    const { world, ask } = await tokenScene();
    await Promise.all(Array.from({ length: 610 }, () => ask()));
    expect(await ask()).toMatchObject({ kind: 'too_many' });
    expect(await ask({}, 'billing', 'unknown')).toEqual({ kind: 'unknown' });
    expect(world.telemetry.eventsNamed('keywatch.token.unavailable')).toEqual([]);
  });
});

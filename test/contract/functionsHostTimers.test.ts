import { app, type Timer } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import { manualClock } from '../fakes/manualClock.ts';
import { startFunctionsHost } from '../fakes/startFunctionsHost.ts';

const START = Date.parse('2026-11-22T12:00:00Z');

const timerApp =
  (runs: Timer[], handler: (timer: Timer) => unknown = () => undefined) =>
  () =>
    app.timer('watch', {
      schedule: '0 */5 * * * *',
      handler: async (timer) => {
        runs.push(timer);
        await handler(timer);
      },
    });

describe('a timer', () => {
  it('fires on its schedule and passes on the last and the next time', async () => {
    const clock = manualClock(START);
    const runs: Timer[] = [];
    const { host } = await startFunctionsHost(timerApp(runs), { clock });
    host.startTriggers();
    await clock.advance(4 * MINUTE_MS);
    expect(runs).toEqual([]);
    await clock.advance(MINUTE_MS);
    await clock.advance(5 * MINUTE_MS);
    expect(runs.map(({ isPastDue }) => isPastDue)).toEqual([false, false]);
    expect(runs[0]?.scheduleStatus).toEqual({
      last: '0001-01-01T00:00:00',
      next: '2026-11-22T12:05:00.000Z',
      lastUpdated: '2026-11-22T12:00:00.000Z',
    });
    expect(runs[1]?.scheduleStatus).toMatchObject({
      last: '2026-11-22T12:05:00.000Z',
      next: '2026-11-22T12:10:00.000Z',
    });
  });

  it('keeps firing after a failure, which is logged', async () => {
    const clock = manualClock(START);
    const runs: Timer[] = [];
    const failing = timerApp(runs, () => Promise.reject(new Error('no luck')));
    const { host, logged } = await startFunctionsHost(failing, { clock });
    host.startTriggers();
    await clock.advance(5 * MINUTE_MS);
    await clock.advance(5 * MINUTE_MS);
    expect(runs).toHaveLength(2);
    expect(
      logged.filter(({ level, functionName }) => level === 'error' && functionName === 'watch'),
    ).toHaveLength(2);
  });

  it('fires once in a run, whatever its schedule', async () => {
    const runs: Timer[] = [];
    const { host } = await startFunctionsHost(timerApp(runs));
    const { timers } = await host.runOnce();
    expect(timers.map(({ functionName, outcome }) => [functionName, outcome.ok])).toEqual([['watch', true]]);
    expect(runs).toHaveLength(1);
  });

  it('does not overlap itself', async () => {
    const release: (() => void)[] = [];
    const runs: Timer[] = [];
    const slow = timerApp(runs, () => new Promise<void>((resolve) => release.push(resolve)));
    const { host } = await startFunctionsHost(slow);
    const both = [host.timers[0]?.fire(), host.timers[0]?.fire()];
    await expect.poll(() => release.length).toBe(1);
    release[0]?.();
    await expect.poll(() => release.length).toBe(2);
    release[1]?.();
    await Promise.all(both);
    expect(runs).toHaveLength(2);
  });

  it('is waited for when the host stops', async () => {
    let ended = false;
    let started = () => {};
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const slow = timerApp([], async () => {
      started();
      await new Promise((resolve) => setTimeout(resolve, 30));
      ended = true;
    });
    const { host } = await startFunctionsHost(slow);
    void host.timers[0]?.fire();
    await running;
    await host.stop();
    expect(ended).toBe(true);
  });
});

describe('the host refuses in words', () => {
  it('a trigger that it cannot start', async () => {
    const handler = () => undefined;
    const started = startFunctionsHost(() =>
      app.storageBlob('onBlob', { path: 'a/b', connection: 'c', handler }),
    );
    await expect(started).rejects.toThrow('onBlob is started by a blobTrigger');
  });

  it('an app that registers nothing, and a function that is registered twice', async () => {
    const twice = () => {
      timerApp([])();
      timerApp([])();
    };
    await expect(startFunctionsHost(twice)).rejects.toThrow('watch is registered twice');
    expect(() => timerApp([])()).toThrow('after the app was loaded');
  });
});

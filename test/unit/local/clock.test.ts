import { expect, it } from 'vitest';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { createLocalClock, hurried } from '../../../src/local/clock.ts';

it('starts ahead and moves on', () => {
  const clock = createLocalClock(60 * DAY_MS);
  const machine = createLocalClock();
  expect(clock.nowEpochMs() - machine.nowEpochMs()).toBeGreaterThan(59 * DAY_MS);
  clock.moveForward(DAY_MS);
  expect(clock.aheadMs()).toBe(61 * DAY_MS);
  expect(() => clock.moveForward(-1)).toThrow(RangeError);
});

it('wakes those whose time has come when it is moved', async () => {
  const clock = createLocalClock();
  const asleep = clock.sleep(DAY_MS);
  clock.moveForward(DAY_MS / 2);
  clock.moveForward(DAY_MS / 2);
  await asleep;
});

it('rejects a sleep with the reason of its signal', async () => {
  const clock = createLocalClock();
  const abort = new AbortController();
  const asleep = clock.sleep(DAY_MS, abort.signal);
  abort.abort(new Error('the end'));
  await expect(asleep).rejects.toThrow('the end');
  await expect(clock.sleep(0, abort.signal)).rejects.toThrow('the end');
});

it('lets the time pass for whoever is in a hurry, and not for others', async () => {
  const clock = createLocalClock();
  const inHurry = hurried(clock);
  const [wallMs, durationMs, othersMs] = [clock.nowEpochMs(), inHurry.monotonicMs(), clock.monotonicMs()];
  await inHurry.sleep(DAY_MS);
  expect(clock.nowEpochMs() - wallMs).toBeGreaterThanOrEqual(DAY_MS);
  expect(inHurry.monotonicMs() - durationMs).toBeGreaterThanOrEqual(DAY_MS);
  expect(clock.monotonicMs() - othersMs).toBeLessThan(DAY_MS);
  await expect(inHurry.sleep(1, AbortSignal.abort(new Error('the end')))).rejects.toThrow('the end');
});

import { expect, it } from 'vitest';
import { createLocalClock } from '../../../src/local/clock.ts';
import { stageOf } from '../../../src/local/gameDay/stage.ts';
import type { LocalApp } from '../../../src/local/localApp.ts';

const TIMERS = ['proveTimer', 'refreshTimer', 'scanTimer'];

/** A stage whose timers are names, with what each run fired. */
const stageOfNames = () => {
  const fired: string[][] = [];
  const host = {
    timers: TIMERS.map((functionName) => ({ functionName, schedule: { nextAfter: (ms: number) => ms + 1 } })),
    runOnce: async (isMeant: (timer: string) => boolean) => void fired.push(TIMERS.filter(isMeant)),
  };
  const app = { host, telemetry: { flush: async () => true } } as unknown as LocalApp;
  return { fired, stage: stageOf(app, createLocalClock()) };
};

it('fires every timer that was not stopped', async () => {
  const { fired, stage } = stageOfNames();
  await stage.run();
  stage.stopped.add('scanTimer');
  await stage.run();
  expect(fired).toEqual([TIMERS, ['proveTimer', 'refreshTimer']]);
});

it('leaves out the timers that nobody looks at, of the same company', async () => {
  const { fired, stage } = stageOfNames();
  const scanning = stage.runningOnly(['scanTimer']);
  await scanning.run();
  scanning.stopped.add('scanTimer');
  await scanning.run();
  await stage.runningOnly(undefined).run();
  expect(fired).toEqual([['scanTimer'], [], ['proveTimer', 'refreshTimer']]);
});

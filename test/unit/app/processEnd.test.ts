import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type EndableProcess, holdEnd } from '../../../src/lib/app/processEnd.ts';

/** A process that notes how it would have ended, and the refresh that it is busy with. */
const scene = () => {
  const exits: unknown[] = [];
  const events = new EventEmitter();
  const worker: EndableProcess = {
    exit: ((code?: number) => void exits.push(code)) as EndableProcess['exit'],
    on: (signal, listener) => events.on(signal, listener),
  };
  const work = Promise.withResolvers<void>();
  let busy = false;
  let asked = 0;
  holdEnd(worker, {
    isBusy: () => busy,
    finish: async () => {
      asked += 1;
      if (busy) await work.promise;
    },
  });
  return {
    exits,
    worker,
    tell: (signal: string) => events.emit(signal),
    asked: () => asked,
    begin: () => {
      busy = true;
    },
    async end() {
      busy = false;
      work.resolve();
      await turns();
    },
  };
};

const turns = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('a process with a refresh under way', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ])('ends after it, with the code of %s', async (signal, code) => {
    const { tell, begin, end, exits, asked } = scene();
    begin();
    tell(signal);
    await turns();
    expect([asked(), exits]).toEqual([1, []]);
    await end();
    expect(exits).toEqual([code]);
  });

  it('ends once, by the first reason, however often it is reported', async () => {
    const { worker, tell, begin, end, exits, asked } = scene();
    begin();
    tell('SIGTERM');
    worker.exit(1);
    tell('SIGTERM');
    tell('SIGINT');
    await end();
    expect([asked(), exits]).toEqual([1, [143]]);
  });
});

describe('a process without one', () => {
  it('exits before the call returns', () => {
    const { worker, exits } = scene();
    worker.exit(3);
    expect(exits).toEqual([3]);
  });

  it('is not held by one that has ended', async () => {
    const { worker, begin, end, exits } = scene();
    begin();
    await end();
    worker.exit(0);
    expect(exits).toEqual([0]);
  });

  it('ends on a signal, and begins nothing more', async () => {
    const { tell, exits, asked } = scene();
    tell('SIGTERM');
    await turns();
    expect([asked(), exits]).toEqual([1, [143]]);
  });
});

import { writeSync } from 'node:fs';

/** The process's own: an app that it loads may put one in its place that waits for the attempts. */
const exit = process.exit.bind(process);

/** Where an attempt stands still: after so many of its calls to the outside have ended; absent: nowhere. */
export interface Halt {
  readonly haltAfter?: number | undefined;
}

/**
 * Lets attempts that run side by side come to a point of their own each, and wait there for the others. When as many
 * as shall stand still do, `met` is called, and then they go on. One that ends before its point would be waited for
 * in vain: the process exits with 1.
 */
export const meetingPoint = (attempts: readonly Halt[], met: () => void) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let awaited = attempts.filter(({ haltAfter }) => haltAfter !== undefined).length;
  return ({ haltAfter }: Halt) => {
    let calls = 0;
    return {
      /** To be awaited after each of its calls. */
      async halted(): Promise<void> {
        calls += 1;
        if (haltAfter === undefined || calls < haltAfter) return;
        if (calls === haltAfter && --awaited === 0) {
          met();
          resolve();
        }
        await promise;
      },
      /** To be told how it ended. */
      ended(outcome: unknown): void {
        if (haltAfter === undefined || calls >= haltAfter) return;
        const how = JSON.stringify(outcome);
        writeSync(2, `The attempt that was to halt after ${haltAfter} calls ended after ${calls}: ${how}\n`);
        exit(1);
      },
    };
  };
};

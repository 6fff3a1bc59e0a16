/** Where an attempt stands still: after so many of its calls to the outside have ended; absent: nowhere. */
export interface Halt {
  readonly haltAfter?: number | undefined;
}

/**
 * Lets attempts that run side by side come to a point of their own each, and wait there for the others. When as many
 * as shall stand still do, `met` is called, and then they go on.
 */
export const meetingPoint = (attempts: readonly Halt[], met: () => void) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let awaited = attempts.filter(({ haltAfter }) => haltAfter !== undefined).length;
  /** For one of them: to be awaited after each of its calls. */
  return ({ haltAfter }: Halt): (() => Promise<void>) => {
    let calls = 0;
    return async () => {
      calls += 1;
      if (haltAfter === undefined || calls < haltAfter) return;
      if (calls === haltAfter && --awaited === 0) {
        met();
        resolve();
      }
      await promise;
    };
  };
};

import { expect, it } from 'vitest';
import { runRandomSchedules } from './randomRuns.ts';

const RUNS = 10_000;
/** The same schedules each time; `npm run soak` makes up a seed of its own. */
const seed = 20_261_129;

/** `npm run soak` runs a million of them; `npm run soak -- --seed … --path …` replays a failure. */
it(`three workers with mixed faults lose a grant only with a token that no store has (${RUNS} schedules, seed ${seed})`, async () => {
  const { failure, losses } = await runRandomSchedules({ runs: RUNS, seed });
  expect(failure).toBeUndefined();
  // The faults do bite: a suite in which nothing was ever lost would prove nothing.
  expect(losses).toBeGreaterThan(0);
}, 600_000);

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CLASSES, type ClassName } from './crashTable.ts';
import { runSchedule } from './randomSchedule.ts';

/**
 * `npm run soak` runs a million; a failure prints the seed and the shrunk schedule, and
 * `SOAK_SEED=… SOAK_PATH=…` replays it.
 */
const numRuns = Number(process.env['SOAK_RUNS'] ?? 10_000);
const seed = Number(process.env['SOAK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const path = process.env['SOAK_PATH'];

const schedule = fc.record({
  className: fc.constantFrom(...(Object.keys(CLASSES) as ClassName[])),
  steps: fc.array(fc.nat({ max: 16 * 420 - 1 }), { maxLength: 100, size: 'max' }),
});

it(`three workers with mixed faults lose a grant only with a token that no store has (${numRuns} schedules, seed ${seed})`, async () => {
  const count = { runs: 0, losses: 0 };
  await fc.assert(
    fc.asyncProperty(schedule, async (given) => {
      const judged = await runSchedule(given);
      count.runs++;
      expect(judged.leaks).toEqual([]);
      if (judged.works) return;
      count.losses++;
      expect(given.className).toMatch(/strict|grace/);
      expect(judged.unkept).toBe(true);
      expect(judged.told).toBe(true);
    }),
    { numRuns, seed, ...(path === undefined ? {} : { path }), verbose: numRuns <= 10_000 ? 0 : 1 },
  );
  process.stdout.write(`seed ${seed}: ${count.runs} schedules, ${count.losses} unavoidable losses\n`);
  // The faults do bite: a suite in which nothing was ever lost would prove nothing.
  if (numRuns >= 10_000) expect(count.losses).toBeGreaterThan(0);
}, 7_200_000);

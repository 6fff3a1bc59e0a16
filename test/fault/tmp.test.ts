import { it } from 'vitest';
import { runRandomSchedules } from './randomRuns.ts';
import { SEALED } from './sealedPlace.ts';
for (const seed of [11, 12, 13, 14, 15, 20_261_129])
it(`s${seed}`, { timeout: 600000 }, async () => {
  const t = performance.now();
  const r = await runRandomSchedules({ runs: 4000, seed, begin: async (a, b = a) => SEALED.begin(a, b, true) });
  console.log(seed, JSON.stringify(r), performance.now() - t);
});

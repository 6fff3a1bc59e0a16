import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildStage, type Stage } from './refresh/stage.ts';

const RUNS = 200;

let stage: Stage;
beforeAll(async () => {
  stage = await buildStage();
});
afterAll(() => stage.close());

it(`lets two whole workers race for one strict grant, ${RUNS} runs, and the grant lives`, async () => {
  const { strict } = stage.servers;
  const staged = await stage.addGrant(strict, 'raced');
  const workers = await Promise.all([1, 2].map(() => stage.startWorker(staged)));
  const kinds: string[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const runs = await Promise.all(workers.map((worker) => worker.run()));
    const outcomes = runs.flat().map(({ outcome }) => (outcome === 'killed' ? outcome : outcome.kind));
    expect(outcomes).toContain('refreshed');
    expect(await stage.storedTokenWorks(staged)).toBe(true);
    kinds.push(...outcomes);
  }
  await Promise.all(workers.map((worker) => worker.end()));
  const counts = Object.fromEntries(
    ['refreshed', 'busy'].map((kind) => [kind, kinds.filter((k) => k === kind).length]),
  );
  expect((counts['refreshed'] ?? 0) + (counts['busy'] ?? 0)).toBe(2 * RUNS);
  // They did meet: otherwise nothing was raced.
  expect(counts['busy']).toBeGreaterThan(0);
  expect(strict.tokenRequests()).toBe(counts['refreshed']);
  expect(strict.revokedGrants).toEqual([]);
});

import { type Figure, ratioFigure } from './figures.ts';
import { type RefreshRun, runRefresher } from './refreshRun.ts';
import { virtualTime } from './virtualTime.ts';

const RUNS = 4;
const UNLIMITED = 5_000;
const WINDOW_MS = 600_000;
/** More of each than its rate allows in all runs together. */
const LIMITED = [
  { id: 'limited-600', grants: 3_000, maxRefreshPer10Minutes: 600 },
  { id: 'limited-60', grants: 500, maxRefreshPer10Minutes: 60 },
  { id: 'limited-10', grants: 100, maxRefreshPer10Minutes: 10 },
  { id: 'limited-1', grants: 10, maxRefreshPer10Minutes: 1 },
];

/**
 * How often endpoints with a rate are asked, in runs of ten minutes of which the first also fills the
 * queue with unlimited work. In a time in which only calls take any, so that forty minutes are soon over.
 */
export const measureRates = async (
  concurrency: number,
  note: (line: string) => void,
): Promise<readonly Figure[]> => {
  const time = virtualTime();
  const runs: RefreshRun[] = [];
  await time.take(async () => {
    const endpoints = [{ id: 'unlimited', grants: UNLIMITED }, ...LIMITED];
    const input = { endpoints, concurrency, runs: RUNS, periodSeconds: 600, forgetFinished: false };
    runs.push(await runRefresher(input, time));
  });
  const [run] = runs;
  if (run?.lost !== 0) throw new Error(`${run?.lost} grants were lost`);
  return LIMITED.map(({ id, maxRefreshPer10Minutes }) => {
    const asked = run.askedMs[id] ?? [];
    const most = mostInWindow(asked);
    note(`${id}: asked ${asked.length} times, at most ${most} in any 10 minutes`);
    const what = `most requests in any 10 minutes / rate of ${maxRefreshPer10Minutes} (${asked.length} in ${RUNS} runs)`;
    return ratioFigure(what, most / maxRefreshPer10Minutes, 1);
  });
};

const mostInWindow = (askedMs: readonly number[]): number => {
  const ordered = askedMs.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, atMs] of ordered.entries()) {
    while (atMs - (ordered[first] ?? atMs) >= WINDOW_MS) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
};

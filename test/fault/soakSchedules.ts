import { type RunSum, runRandomSchedules } from './randomRuns.ts';
import type { Schedule } from './randomSchedule.ts';
import type { SoakRequest } from './soakArguments.ts';

const NOTE_EVERY_MS = 10_000;

const said = (count: number): string => count.toLocaleString('en');

/** Random schedules with their progress; false at the first that breaks the promise, told with what runs it again. */
export const soakSchedules = async ({ runs, seed, path }: SoakRequest): Promise<boolean> => {
  const startMs = performance.now();
  let notedMs = startMs;
  const note = ({ runs: done, losses }: RunSum): void => {
    notedMs = performance.now();
    const perMs = done / (notedMs - startMs);
    const left = done === runs ? '' : `, about ${Math.ceil((runs - done) / perMs / 60_000)} min left`;
    console.log(
      `${said(done)} of ${said(runs)} schedules, ${said(losses)} unavoidable losses, seed ${seed} ` +
        `(${said(Math.round(perMs * 1000))} a second${left})`,
    );
  };
  const fail = (schedule: Schedule, fault: string): void =>
    console.log(`FAILED: ${fault}\n${JSON.stringify(schedule)}`);

  console.log(path === undefined ? `${said(runs)} random schedules, seed ${seed}` : `seed ${seed}, ${path}`);
  const { failure, ...sum } = await runRandomSchedules({
    runs,
    seed,
    path,
    onRun: (now) => {
      if (performance.now() - notedMs >= NOTE_EVERY_MS) note(now);
    },
    onFailure: (schedule, fault) => {
      fail(schedule, fault);
      console.log('Looking for a smaller schedule…');
    },
  });
  if (failure === undefined) {
    note(sum);
    return true;
  }
  fail(failure.schedule, failure.fault);
  console.log(`Again: npm run soak -- --seed ${seed} --path ${failure.path}`);
  return false;
};

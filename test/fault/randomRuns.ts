import fc from 'fast-check';
import type { RefreshWorld } from '../fakes/refresh/refreshWorld.ts';
import { CLASSES, type ClassName, lenienceSeconds } from './crashTable.ts';
import { STEPS } from './randomActors.ts';
import { type Begin, type Judgement, runSchedule, type Schedule } from './randomSchedule.ts';

export interface RandomRuns {
  readonly runs: number;
  readonly seed: number;
  /** Of a failure that was printed: only its schedule is run. */
  readonly path?: string | undefined;
  /** Breaks a part of every worker; the first failure is then enough, without a smaller one. */
  readonly sabotage?: RefreshWorld['sabotage'];
  /** Where the token is when a schedule begins; absent: in the vault, and never refreshed. */
  readonly begin?: Begin | undefined;
  /** Called after each schedule that kept the promise. */
  readonly onRun?: (sum: RunSum) => void;
  /** Called once, with the first schedule that breaks it, before a smaller one is looked for. */
  readonly onFailure?: (schedule: Schedule, fault: string) => void;
}

export interface RunSum {
  readonly runs: number;
  /** Losses that nothing can prevent: no store ever had the token, and people were told. */
  readonly losses: number;
}

export interface RunsResult extends RunSum {
  readonly failure: RunFailure | undefined;
}

export interface RunFailure {
  readonly fault: string;
  /** The smallest schedule that was found to break the promise. */
  readonly schedule: Schedule;
  /** With the seed it gives that schedule again. */
  readonly path: string;
}

const classNames = fc.constantFrom(...(Object.keys(CLASSES) as ClassName[]));
const schedules = fc.record({
  className: classNames,
  // One in four: a provider that is not what the profile says.
  really: fc.option(classNames, { nil: undefined, freq: 3 }),
  steps: fc.array(fc.nat({ max: STEPS - 1 }), { maxLength: 100, size: 'max' }),
});

/** What a schedule broke of the promise, in words; `undefined` when it kept all of it. */
const faultOf = ({ className, really = className }: Schedule, judged: Judgement): string | undefined => {
  if (judged.leaks.length > 0) return `a token is to be read in: ${judged.leaks.join(', ')}`;
  if (judged.works) return undefined;
  if (!judged.told) return 'a grant was lost and nobody was told';
  if (lenienceSeconds(really) < lenienceSeconds(className) && judged.familyKills > 0) return undefined;
  if (judged.recoverable) return 'a grant was lost although a store had a token that works';
  if (lenienceSeconds(really) === Number.POSITIVE_INFINITY && judged.restored !== 'vault')
    return 'a grant was lost whose old token stays good';
  return judged.unkept ? undefined : 'a grant was lost although a store had its token';
};

/** Runs random schedules one after the other and stops at the first that breaks the promise. */
export const runRandomSchedules = async (asked: RandomRuns): Promise<RunsResult> => {
  const sum = { runs: 0, losses: 0 };
  let fault: string | undefined;
  const keepsThePromise = fc.asyncProperty(schedules, async (schedule) => {
    const judged = await judge(schedule, asked);
    if (judged.fault !== undefined) {
      if (fault === undefined) asked.onFailure?.(schedule, judged.fault);
      fault = judged.fault;
      return false;
    }
    if (fault !== undefined) return true;
    sum.runs++;
    if (judged.isLost) sum.losses++;
    asked.onRun?.(sum);
    return true;
  });
  const { runs: numRuns, seed, path } = asked;
  const endOnFailure = asked.sabotage !== undefined;
  const details = await fc.check(keepsThePromise, {
    numRuns,
    seed,
    endOnFailure,
    ...(path === undefined ? {} : { path }),
  });
  if (!details.failed) return { ...sum, failure: undefined };
  if (details.counterexample === null || fault === undefined) throw new Error('fast-check gave up');
  const [schedule] = details.counterexample;
  return { ...sum, failure: { fault, schedule, path: details.counterexamplePath ?? '' } };
};

const judge = async (
  schedule: Schedule,
  { sabotage, begin }: Pick<RandomRuns, 'sabotage' | 'begin'>,
): Promise<{ fault: string | undefined; isLost: boolean }> => {
  try {
    const judged = await runSchedule(schedule, sabotage, begin);
    return { fault: faultOf(schedule, judged), isLost: !judged.works };
  } catch (error) {
    return { fault: `the run itself failed: ${error}`, isLost: true };
  }
};

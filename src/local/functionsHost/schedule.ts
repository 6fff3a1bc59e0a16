import { Cron } from 'croner';

/** When a timer fires, as NCRONTAB says: six fields, UTC. */
export interface Schedule {
  readonly expression: string;
  /** The first occurrence after an instant; `undefined` when there is none any more. */
  nextAfter(epochMs: number): number | undefined;
}

/** What both NCRONTAB and croner read alike; `L`, `W`, `#`, `?` and 7 for Sunday are croner's own. */
const PORTABLE = /^[\d\s*,/A-Za-z-]+$/;

/** @throws Error naming the expression when the Functions host would not take it. */
export const parseSchedule = (expression: string): Schedule => {
  const refuse = (why: string, cause?: unknown) =>
    new Error(`"${expression}" is no NCRONTAB schedule of six fields: ${why}`, { cause });
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 6) throw refuse(`it has ${fields.length} fields`);
  if (!PORTABLE.test(expression) || /\b\d*[LW]\b/i.test(expression))
    throw refuse('only numbers, names, lists, ranges, * and */n are portable');
  if (/7/.test(fields[5] ?? '')) throw refuse('Sunday is 0');
  let cron: Cron;
  try {
    // Day and weekday must both match in NCRONTAB; croner's default is either.
    cron = new Cron(fields.join(' '), { mode: '6-part', domAndDow: true, timezone: 'UTC', paused: true });
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
  return { expression, nextAfter: (epochMs) => cron.nextRun(new Date(epochMs))?.getTime() };
};

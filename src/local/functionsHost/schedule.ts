import { Cron } from 'croner';

/** When a timer fires, as NCRONTAB says: six fields, UTC. What is none was refused where it was read. */
export interface Schedule {
  readonly expression: string;
  /** The first occurrence after an instant; `undefined` when there is none any more. */
  nextAfter(epochMs: number): number | undefined;
}

export const parseSchedule = (expression: string): Schedule => {
  // Day and weekday must both match in NCRONTAB; croner's default is either.
  const cron = new Cron(expression, { mode: '6-part', domAndDow: true, timezone: 'UTC', paused: true });
  return { expression, nextAfter: (epochMs) => cron.nextRun(new Date(epochMs))?.getTime() };
};

import { DEFAULT_SCHEDULES, readSchedule } from '../config/schedule.ts';
import { readEnvironment } from '../kernel/environment.ts';

/** The schedule of a timer, read when it is registered. A wrong one is reported with all other faults. */
export const scheduleOf = (name: keyof typeof DEFAULT_SCHEDULES): string =>
  readSchedule(readEnvironment()[name] ?? '') ?? DEFAULT_SCHEDULES[name];

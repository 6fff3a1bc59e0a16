import { SETTINGS } from '../config/settings.ts';
import { readEnvironment } from '../kernel/environment.ts';

/** The schedule of a timer, read when it is registered. A wrong one is reported with all other faults. */
export const scheduleOf = (name: 'KEYWATCH_SCAN_SCHEDULE' | 'KEYWATCH_REFRESH_SCHEDULE'): string =>
  SETTINGS[name].read(readEnvironment()[name] ?? '') ?? SETTINGS[name].defaultText;

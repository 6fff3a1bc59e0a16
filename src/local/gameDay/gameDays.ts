import { credentialGameDays } from './credentials.ts';
import type { GameDay } from './gameDay.ts';
import { grantGameDays } from './grants.ts';
import { jobGameDays } from './jobs.ts';
import { trafficGameDays } from './traffic.ts';

/** One for each alert rule. */
export const gameDays: readonly GameDay[] = [
  ...grantGameDays,
  ...credentialGameDays,
  ...jobGameDays,
  ...trafficGameDays,
];

import { clientGameDays, rotationGameDays } from './clients.ts';
import { credentialGameDays, datedGameDays } from './credentials.ts';
import type { GameDay } from './gameDay.ts';
import { grantGameDays, lateGameDays } from './grants.ts';
import { jobGameDays } from './jobs.ts';
import { signInGameDays } from './signIns.ts';
import { trafficGameDays } from './traffic.ts';

/** One for each alert rule, in an order in which all can be played in one company: what takes days comes late. */
export const gameDays: readonly GameDay[] = [
  ...credentialGameDays,
  ...grantGameDays,
  ...trafficGameDays,
  ...jobGameDays,
  ...signInGameDays,
  ...clientGameDays,
  ...datedGameDays,
  ...rotationGameDays,
  ...lateGameDays,
];

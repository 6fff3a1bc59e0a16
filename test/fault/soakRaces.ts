import type { StallPoint } from '../fakes/refresh/turnTaking.ts';
import { exploreRaces, type Races } from './races.ts';
import { jumpsOf, STALLS_MS } from './stalls.ts';

/** How often a worker that could go on is made to wait for the other: the suite has 1 and 0. */
const SWITCHES = 2;

/** The races of the suite with more switches, each with its progress; false at the first loss. */
export const soakRaces = async (): Promise<boolean> => {
  for (const className of Object.keys(STALLS_MS) as (keyof typeof STALLS_MS)[]) {
    for (const jumpsMs of STALLS_MS[className].flatMap(jumpsOf)) {
      const name = `races, ${className}, state still for ${jumpsMs.join(' ms and ')} ms`;
      const onPoint = ({ where, call }: StallPoint, { schedules, losses }: Races) =>
        console.log(`${name} ${where} call ${call}: ${schedules} schedules, ${losses.length} losses`);
      const races = await exploreRaces({ className, jumpsMs, maximumSwitches: SWITCHES, onPoint });
      if (races.losses.length === 0 && races.familyKills === 0) continue;
      console.log(`FAILED: ${name}, ${races.losses[0] ?? 'a family was revoked'}`);
      return false;
    }
  }
  return true;
};

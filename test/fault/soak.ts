import { parseSoakArguments } from './soakArguments.ts';
import { soakRaces } from './soakRaces.ts';
import { soakSchedules } from './soakSchedules.ts';

/**
 * `npm run soak`: a million random schedules of the refresh protocol, then the races of two workers with
 * wider bounds than the suite's. `-- RUNS`: only so many schedules. `-- --seed N --path P`: one failure again.
 * Stops at the first loss that a store could have prevented, prints what runs it again, and exits with 1.
 */
const asked = parseSoakArguments(process.argv.slice(2));
if (!asked.ok) {
  console.error(asked.message);
  process.exitCode = 2;
} else {
  const isKept = (await soakSchedules(asked)) && (!asked.withRaces || (await soakRaces()));
  process.exitCode = isKept ? 0 : 1;
}

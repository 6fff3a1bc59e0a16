import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { type Halt, meetingPoint } from '../refresh/meetingPoint.ts';
import { type RotatorSetup, rotatorOf } from './rotatorOf.ts';

/**
 * Runs of the rotation timer, side by side, as a process of its own. It says every call that ended, and kills itself
 * when all runs that shall halt have come there.
 */
export interface WorkerSetup {
  readonly runs: readonly (RotatorSetup & Halt)[];
}

const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const { value = '{}' } = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
const { runs }: WorkerSetup = JSON.parse(value);
const telemetry = recordingTelemetry();
const halting = meetingPoint(runs, () => process.kill(process.pid, 'SIGKILL'));
await Promise.all(
  runs.map(async (setup, run) => {
    const { halted, ended } = halting(setup);
    const rotator = rotatorOf(setup, telemetry, (call) => {
      say({ run, call });
      return halted();
    });
    ended(await rotator.startRun());
  }),
);
// Everything that would leave the process goes through here, so that it can be searched for secrets.
writeSync(2, `${JSON.stringify(telemetry)}\n`);
process.exit(0);

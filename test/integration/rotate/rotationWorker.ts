import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { type RotatorSetup, rotatorOf } from './rotatorOf.ts';

/** A run of the rotation timer as a process of its own, which says every call that ended and kills itself after one. */
export interface WorkerSetup extends RotatorSetup {
  /** Dies after this many calls to the outside have ended; absent: it does not. */
  readonly killAfter?: number | undefined;
}

const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const { value = '{}' } = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
const setup: WorkerSetup = JSON.parse(value);
const telemetry = recordingTelemetry();
let calls = 0;
const rotator = rotatorOf(setup, telemetry, (call) => {
  calls += 1;
  say({ call });
  if (calls === setup.killAfter) process.kill(process.pid, 'SIGKILL');
});
const summary = await rotator.startRun();
// Everything that would leave the process goes through here, so that it can be searched for secrets.
writeSync(2, `${JSON.stringify(telemetry)}\n`);
say({ summary });
process.exit(0);

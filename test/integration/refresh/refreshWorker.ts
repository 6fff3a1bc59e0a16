import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Grant } from '../../../src/lib/oauth/rules/grant.ts';
import { refreshGrant } from '../../../src/lib/refresh/refreshGrant.ts';
import type { RefreshOutcome } from '../../../src/lib/refresh/refreshOutcome.ts';
import { clientCredential } from '../../fakes/clientCredential.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { type Halt, meetingPoint } from './meetingPoint.ts';
import { type Look, realPorts, type WorldSetup, watchedPorts } from './realPorts.ts';

/**
 * A worker as a process of its own: reads a setup, and looks at all of its grants, side by side, once for each further
 * line: one begins when the first call of that before it has ended, because all at once they would take longer than
 * such a call may on a busy machine. It says every call that ended, and kills itself with SIGKILL when all that shall halt have come there.
 */
export interface WorkerSetup extends WorldSetup {
  readonly looks: readonly (Look & Halt)[];
}

const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

/** How a client proves itself is a function, and JSON leaves that out. */
const withCredential = (grant: Grant): Grant => {
  const [secret] = grant.clientCredential.objects;
  const clientSecret = { vault: secret?.vaultUrl ?? '', secretName: secret?.name ?? '' };
  return { ...grant, clientCredential: clientCredential('client_secret_post', { clientSecret }) };
};

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const setup: WorkerSetup = JSON.parse((await lines.next()).value ?? '{}');
const telemetry = recordingTelemetry();
const halting = meetingPoint(setup.looks, () => process.kill(process.pid, 'SIGKILL'));
const looks = setup.looks.map(({ grant, profile, ...halt }, look) => {
  const { halted, ended } = halting(halt);
  let hasBegun = () => {};
  const ports = watchedPorts(realPorts(setup, telemetry), (call) => {
    say({ look, call });
    hasBegun();
    return halted();
  });
  const request = { grant: withCredential(grant), profile, trigger: 'manual' } as const;
  const run = async () => {
    const outcome = await refreshGrant(ports, request);
    ended(outcome);
    return outcome;
  };
  return () => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    hasBegun = resolve;
    return { begun, outcome: run() };
  };
});

for (let line = await lines.next(); !line.done; line = await lines.next()) {
  const running: Promise<RefreshOutcome>[] = [];
  for (const look of looks) {
    const { begun, outcome } = look();
    running.push(outcome);
    await Promise.race([begun, outcome]);
  }
  const outcomes = await Promise.all(running);
  // Everything that would leave the process goes through here, so that it can be searched for tokens.
  writeSync(2, `${JSON.stringify(telemetry)}\n`);
  for (const kind of ['events', 'metrics', 'failures', 'calls'] as const) telemetry[kind].length = 0;
  say({ outcomes });
}

import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Grant } from '../../../src/lib/oauth/rules/grant.ts';
import { refreshGrant } from '../../../src/lib/refresh/refreshGrant.ts';
import { clientCredential } from '../../fakes/clientCredential.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { realPorts, type WorkerSetup, watchedPorts } from './realPorts.ts';

/**
 * A worker as a process of its own: reads a setup and then one command a line, and looks at its grant
 * once for each. It says every call that ended, and kills itself with SIGKILL after the one it is reported.
 */
export interface WorkerCommand {
  /** Dies after this many calls to the outside have ended; absent: it does not. */
  readonly killAfter?: number | undefined;
}

const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const setup: WorkerSetup = JSON.parse((await lines.next()).value ?? '{}');
// How a client proves itself is a function, and JSON leaves that out.
const [secret] = setup.grant.clientCredential.objects;
const grant: Grant = {
  ...setup.grant,
  clientCredential: clientCredential('client_secret_post', {
    clientSecret: { vault: secret?.vaultUrl ?? '', secretName: secret?.name ?? '' },
  }),
};
const telemetry = recordingTelemetry();
let calls = 0;
let killAfter: number | undefined;
const ports = watchedPorts(realPorts(setup, telemetry), (call) => {
  calls += 1;
  say({ call });
  if (calls === killAfter) process.kill(process.pid, 'SIGKILL');
});

for (let line = await lines.next(); !line.done; line = await lines.next()) {
  const command: WorkerCommand = JSON.parse(line.value);
  calls = 0;
  killAfter = command.killAfter;
  const outcome = await refreshGrant(ports, { grant, profile: setup.profile, trigger: 'manual' });
  // Everything that would leave the process goes through here, so that it can be searched for tokens.
  writeSync(2, `${JSON.stringify(telemetry)}\n`);
  say({ outcome });
}

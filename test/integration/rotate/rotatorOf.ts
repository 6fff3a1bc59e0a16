import { StorageSharedKeyCredential } from '@azure/storage-blob';
import type { Platform } from '../../../src/lib/app/platform.ts';
import { connectRotate } from '../../../src/lib/app/rotateConnections.ts';
import { loadConfig } from '../../../src/lib/config/config.ts';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';
import { createRotator, type Rotator } from '../../../src/lib/rotate/rotator.ts';
import { createRedactor } from '../../../src/lib/telemetry/redact.ts';
import type { Telemetry } from '../../../src/lib/telemetry/telemetry.ts';
import { createLocalClock } from '../../../src/local/clock.ts';
import { type AfterCall, told } from '../refresh/realPorts.ts';

/** What a rotator is made of: settings and config file as a deployment has them, and the tokens of its identities. */
export interface RotatorSetup {
  readonly settings: Readonly<Record<string, string>>;
  readonly config: object;
  readonly tokens: { readonly refresher: string; readonly rotator: string };
  readonly account: { readonly name: string; readonly key: string };
  /** Certificate of the token endpoint. */
  readonly trusted: string;
  /** How far all clocks of this world are ahead of the machine's. */
  readonly aheadMs: number;
}

const never = async () => {
  throw new Error('nobody rotates with this');
};

/** The deployed rotator over the real adapters; waiting moves its time forward. */
export const rotatorOf = (
  { settings, config: file, tokens, account, trusted, aheadMs }: RotatorSetup,
  telemetry: Telemetry,
  after: AfterCall = () => undefined,
): Rotator => {
  const clock = createLocalClock(aheadMs);
  const config = loadConfig({ environment: settings, readTextFile: () => JSON.stringify(file) });
  const expiresOnTimestamp = systemClock.nowEpochMs() + 3_600_000;
  const credentialOf = (token: string) => ({ getToken: async () => ({ token, expiresOnTimestamp }) });
  const platform: Platform = {
    clock: { ...clock, sleep: async (ms) => clock.moveForward(ms) },
    redactor: createRedactor([]),
    telemetry,
    scanner: { getToken: never },
    refresher: credentialOf(tokens.refresher),
    rotator: credentialOf(tokens.rotator),
    storage: new StorageSharedKeyCredential(account.name, account.key),
    storageAheadMs: clock.aheadMs,
    trusted,
  };
  const ports = connectRotate(config, platform);
  const rotate = ports && {
    ...ports,
    control: told(ports.control, 'control', after),
    vault: told(ports.vault, 'vault', after),
    seal: told(ports.seal, 'seal', after),
    directory: told(ports.directory, 'directory', after),
    proof: told(ports.proof, 'proof', after),
  };
  const { rotations = [] } = config.rotate ?? {};
  return createRotator(
    { rotations, isConfiguredName: () => false },
    { clock: platform.clock, telemetry, secrets: platform.redactor, rotate },
  );
};

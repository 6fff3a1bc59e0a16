import { readFileSync } from 'node:fs';
import type { Config, ConfigSources } from '../config/config.ts';
import { ConfigError, fault } from '../config/fault.ts';
import { SETTINGS } from '../config/settings.ts';
import { readEnvironment } from '../kernel/environment.ts';
import { systemClock } from '../kernel/systemClock.ts';
import { inOperation } from '../telemetry/operation.ts';
import type { Connections } from './connections.ts';
import type { Keywatch } from './keywatch.ts';
import { holdEnd } from './processEnd.ts';

/** For the answers of what has ended to reach a host that is still there. */
const ANSWERS_LEAVE_MS = 250;

type Connect = (config: Config) => Promise<Connections>;

/** The connections of Azure, by managed identity or by whatever login the machine has. */
export const connectToAzure: Connect = async (config) => {
  const [{ connect }, { azurePlatform }] = await Promise.all([
    import('./connections.ts'),
    import('./platform.ts'),
  ]);
  return connect(config, await azurePlatform(config));
};

let connectNow: Connect = connectToAzure;
let composing: Promise<Keywatch> | undefined;
let current: Keywatch | undefined;
let isEnding = false;

/**
 * The application of this process, composed on first use from environment and config file.
 * A fault of the configuration rejects, and is looked at anew the next time.
 */
export const keywatch = (): Promise<Keywatch> => {
  composing ??= compose().catch((error: unknown) => {
    composing = undefined;
    throw error;
  });
  return composing;
};

/** The application if it has been composed: for what must not be the first to do so. */
export const composed = (): Keywatch | undefined => current;

/** Sends nothing more to any token endpoint, and resolves when what was sent is answered, stored and reported. */
export const finishRefreshes = async (): Promise<void> => {
  isEnding = true;
  current?.refresher.stop();
  await current?.refresher.settled();
};

/** Lets no end of this process, neither by a signal nor by the worker's own hand, cut off a refresh. */
export const endInOrder = (): void =>
  holdEnd(process, {
    isBusy: () => current?.refresher.isBusy() ?? false,
    async finish() {
      await finishRefreshes();
      await systemClock.sleep(ANSWERS_LEAVE_MS);
    },
  });

/** Runs an invocation within the operation that the host names in its `traceparent`, if it names one. */
export const invokeWithin = <T>(traceParent: string | null | undefined, invoke: () => T): T =>
  inOperation(traceParent, invoke);

/** Makes the application of this process work with other connections, as local mode and tests do. */
export const connectWith = (other: Connect): void => {
  connectNow = other;
  composing = undefined;
  current = undefined;
  isEnding = false;
};

/** The schedule of a timer, read when it is registered. A wrong one is reported with all other faults. */
export const scheduleOf = (name: 'KEYWATCH_SCAN_SCHEDULE' | 'KEYWATCH_REFRESH_SCHEDULE'): string =>
  SETTINGS[name].read(readEnvironment()[name] ?? '') ?? SETTINGS[name].defaultText;

const compose = async (): Promise<Keywatch> => {
  const config = await currentConfig();
  // On first use as well: registering the functions needs none of what they do.
  const { createKeywatch } = await import('./keywatch.ts');
  current = createKeywatch(config, await connectNow(config));
  if (isEnding) current.refresher.stop();
  return current;
};

/** Rejects with ConfigError, with every fault of settings and config file. */
export const currentConfig = async (
  overrides: Readonly<Record<string, string | undefined>> = {},
  purpose: Pick<ConfigSources, 'refreshes'> = {},
): Promise<Config> => {
  // On first use: the library that checks the file takes longer to load than everything that registers.
  const { loadConfig } = await import('../config/config.ts');
  return loadConfig({ environment: { ...readEnvironment(), ...overrides }, readTextFile, ...purpose });
};

const readTextFile = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw error;
    const given = `"${path}", which cannot be read (${code})`;
    throw new ConfigError([fault('KEYWATCH_CONFIG_FILE', given, 'the path of a file that may be read')]);
  }
};

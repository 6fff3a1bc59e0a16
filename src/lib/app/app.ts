import { readFileSync } from 'node:fs';
import type { Config, ConfigSources } from '../config/config.ts';
import { ConfigError, configIssue } from '../config/configIssue.ts';
import { readEnvironment } from '../kernel/environment.ts';
import { once } from '../kernel/once.ts';
import type { Connections } from './connections.ts';

/** The application of this process: its configuration, and the way to what it speaks to. */
export interface App {
  readonly config: Config;
  /** Aborted when this process is about to end. */
  readonly ending: AbortSignal;
  /** Opened on first use. */
  connections(): Promise<Connections>;
}

type Connect = (config: Config) => Promise<Connections>;

/** The connections of Azure, by managed identity or by whatever login the machine has. */
export const connectToAzure: Connect = async (config) => {
  const [{ connect }, { azurePlatform }] = await Promise.all([
    import('./connections.ts'),
    import('./platform.ts'),
  ]);
  return connect(config, await azurePlatform(config));
};

let current: Connections | undefined;
let end = new AbortController();

const startWith = (connect: Connect): (() => Promise<App>) =>
  once(async () => {
    const config = await currentConfig();
    return {
      config,
      ending: end.signal,
      connections: once(async () => {
        current = await connect(config);
        return current;
      }),
    };
  });

let start = startWith(connectToAzure);

/**
 * The application of this process, from environment and config file, made on first use.
 * A fault of the configuration rejects, and is looked for anew the next time.
 */
export const app = (): Promise<App> => start();

/** The connections if something opened them: for what must not be the first to do so. */
export const openedConnections = (): Connections | undefined => current;

/** Says that this process is about to end: what is not begun is left to another. */
export const endApp = (): void => end.abort();

/** Makes the application of this process work with other connections, as local mode and tests do. */
export const connectWith = (other: Connect): void => {
  end = new AbortController();
  start = startWith(other);
  current = undefined;
};

/** A part of the application, made on first use: a file of this folder each, and no list of them. */
export const partOfApp = <T>(make: (app: App) => Promise<T>): (() => Promise<T>) => {
  const parts = new WeakMap<App, () => Promise<T>>();
  return async () => {
    const whole = await app();
    const part = parts.get(whole) ?? once(() => make(whole));
    parts.set(whole, part);
    return part();
  };
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
    throw new ConfigError([
      configIssue('KEYWATCH_CONFIG_FILE', given, 'the path of a file that may be read'),
    ]);
  }
};

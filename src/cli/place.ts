import { azurePlatform, type Platform } from '../lib/app/platform.ts';
import type { LogsQuery } from '../lib/azure/ports.ts';
import type { Config } from '../lib/config/config.ts';
import { systemClock } from '../lib/kernel/systemClock.ts';

/** Where a command works. */
export interface Place {
  platform(config: Config): Promise<Platform>;
  nowEpochMs(): number;
  /** What the alert rules are asked of; absent: it takes the ID of a workspace to know. */
  readonly logs?: LogsQuery;
}

/** The option by which a command works elsewhere than in Azure. */
export const LOCAL_OPTION = { local: { type: 'string' } } as const;

/** Its lines of `--help`. @param column where the words of the other options begin */
export const localHelp = (column: number): string =>
  `${'  --local FOLDER'.padEnd(column)}instead of Azure the company of this machine, of the npm start that
${' '.repeat(column)}runs with the data in FOLDER: .keywatch unless it was told another`;

/**
 * Azure, with the login of this machine; or, with `--local FOLDER`, what runs with the data in that folder: from
 * then on this process has its settings. Comes before the configuration is read.
 * @throws UsageError where nothing runs with it
 */
export const placeOf = async (folder: string | undefined): Promise<Place> => {
  if (folder === undefined) return { platform: azurePlatform, nowEpochMs: systemClock.nowEpochMs };
  const { localPlace } = await import('./local/localPlace.ts');
  return localPlace(folder);
};

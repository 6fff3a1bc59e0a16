import { currentConfig } from '../lib/app/app.ts';
import type { Config, ConfigSources } from '../lib/config/config.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { readVaultUrl } from '../lib/kernel/vaultUrl.ts';

/**
 * The configuration with the vaults named by `--vault` as the only ones; none named changes nothing. What
 * the config file says of a named vault holds.
 * @param overrides settings that stand in for those of the environment
 * @param purpose what is not asked for need not be configured
 * @throws UsageError for what is no address of a vault, ConfigError for faults of the configuration
 */
export const configFor = async (
  vaults: readonly string[],
  overrides: Readonly<Record<string, string>> = {},
  purpose: Pick<ConfigSources, 'refreshes'> = {},
): Promise<Config> => {
  if (vaults.length === 0) return currentConfig(overrides, purpose);
  const urls = vaults.map((given) => {
    const reading = readVaultUrl(given);
    if (!reading.ok) throw new UsageError(`--vault: ${reading.problem}`);
    return reading.vaultUrl;
  });
  const named = { ...overrides, KEYWATCH_VAULTS: urls.join(','), KEYWATCH_SUBSCRIPTIONS: '' };
  const config = await currentConfig(named, purpose);
  return { ...config, vaults: config.vaults.filter(({ url }) => urls.includes(url)) };
};

/** Whoever names vaults asks for no other source of credentials. */
export const NO_FURTHER_SOURCES = { furtherSources: [] } as const;

/** The override that `--config FILE` asks for; none where it is not given. */
export const fileOption = (file: string | undefined): Readonly<Record<string, string>> =>
  file === undefined ? {} : { KEYWATCH_CONFIG_FILE: file };

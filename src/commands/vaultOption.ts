import { readVaultUrl } from '../lib/domain/vaultUrl.ts';
import { UsageError } from './arguments.ts';

/**
 * Settings that make the vaults named by `--vault` the only ones; none named changes nothing.
 * @throws UsageError for what is no address of a vault
 */
export const onlyThese = (vaults: readonly string[]): Readonly<Record<string, string>> => {
  if (vaults.length === 0) return {};
  const addresses = vaults.map((given) => {
    const reading = readVaultUrl(given);
    if (!reading.ok) throw new UsageError(`--vault: ${reading.problem}`);
    return reading.vaultUrl;
  });
  return { KEYWATCH_VAULTS: addresses.join(','), KEYWATCH_SUBSCRIPTIONS: '' };
};

import { readVaultUrl, vaultNameOf } from '../kernel/vaultUrl.ts';
import type { VaultPolicy } from '../scan/rules/assess.ts';
import { isSame } from '../scan/rules/namePattern.ts';
import type { Source } from '../scan/rules/sources.ts';
import type { IssueList } from './configIssue.ts';
import { CROSSING_ALLOWED, crossingOf } from './crossing.ts';
import type { ConfigFile, VaultEntry } from './file.ts';
import type { Settings } from './settings.ts';

/** A vault that is scanned, and by which rules. */
export interface WatchedVault {
  readonly url: string;
  readonly policy: VaultPolicy;
}

/**
 * What one entry says before what holds in general, with the fault that its thresholds cross. What is only inherited
 * is reported where it was said.
 */
export const saysOf = (
  { warning, critical, endedLongAgoDays, mustExpire, owner }: Partial<VaultEntry>,
  general: readonly Source[],
  { origin, where }: { readonly origin: string; readonly where: string },
  issues: IssueList,
): readonly Source[] => {
  const says = { owner, warning, critical, endedLongAgoDays, mustExpire };
  const sources: readonly Source[] = [{ origin, scope: 'vault', says }, ...general];
  const isOwn = warning !== undefined || critical !== undefined;
  const crossing = isOwn ? crossingOf(sources) : undefined;
  if (crossing !== undefined) issues.add(where, crossing, CROSSING_ALLOWED);
  return sources;
};

/** What Keywatch itself lives on ends in these vaults, so they are scanned whether they are named or not. */
export const otherVaultsOf = (
  used: readonly string[],
  named: readonly WatchedVault[],
  policyOf: (url: string) => VaultPolicy,
): WatchedVault[] => {
  const known = new Set(named.map(({ url }) => url));
  const urls = new Set(used.filter((url) => !known.has(url)));
  return [...urls].map((url) => ({ url, policy: policyOf(url) }));
};

interface SourcedEntry {
  readonly entry: VaultEntry;
  readonly where: string;
}

/** The vaults that settings and config file name, each once. */
export const watchedVaults = (
  settings: Settings,
  file: ConfigFile,
  defaults: readonly Source[],
  allowLoopback: boolean,
  issues: IssueList,
): WatchedVault[] => {
  const entries: SourcedEntry[] = [
    ...(file.vaults ?? []).map((entry, index) => ({ entry, where: `config file: vaults[${index}]` })),
    ...(settings.KEYWATCH_VAULTS ?? []).map(
      (url): SourcedEntry => ({ entry: { url }, where: 'KEYWATCH_VAULTS' }),
    ),
  ];
  const vaults = new Map<string, WatchedVault>();
  for (const { entry, where } of entries) {
    const reading = readVaultUrl(entry.url, allowLoopback);
    if (!reading.ok) {
      issues.add(where, reading.problem, 'the address of a vault');
      continue;
    }
    const url = reading.vaultUrl;
    if (vaults.has(url)) {
      if (where !== 'KEYWATCH_VAULTS') issues.add(where, `${url} a second time`, 'each vault once');
      continue;
    }
    const name = entry.name ?? vaultNameOf(url);
    const other = [...vaults.values()].find(({ policy }) => isSame(policy.name, name));
    if (other !== undefined) issues.add(where, `called "${name}" like ${other.url}`, 'a name of its own');
    vaults.set(url, {
      url,
      policy: { says: saysOf(entry, defaults, { origin: 'vault', where }, issues), name },
    });
  }
  return [...vaults.values()];
};

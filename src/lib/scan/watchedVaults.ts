import type { Clock } from '../kernel/clock.ts';
import type { VaultDiscovery } from './ports.ts';

export interface VaultScope {
  readonly vaultUrls: readonly string[];
  readonly subscriptionIds: readonly string[];
}

export interface WatchedVaultsPorts {
  readonly discovery: VaultDiscovery;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** A vault may be minutes old: but whoever floods the queue with names asks Resource Graph once a minute. */
const ASK_AGAIN_MS = 60_000;

/**
 * Whether a vault is one of ours to scan: it is named, or to be seen in one of our subscriptions. Where these
 * cannot be asked it counts as ours, since a vault too few is worse than one too many.
 */
export const watchedVaults = ({ discovery, clock }: WatchedVaultsPorts, scope: VaultScope) => {
  let seen: { readonly atMs: number; readonly vaultUrls: ReadonlySet<string> } | undefined;
  return async (vaultUrl: string): Promise<boolean> => {
    if (scope.vaultUrls.includes(vaultUrl) || seen?.vaultUrls.has(vaultUrl)) return true;
    if (scope.subscriptionIds.length === 0) return false;
    if (seen !== undefined && clock.monotonicMs() - seen.atMs < ASK_AGAIN_MS) return false;
    const found = await discovery.discover(scope.subscriptionIds);
    if (!found.ok) return true;
    seen = { atMs: clock.monotonicMs(), vaultUrls: new Set(found.vaultUrls) };
    return seen.vaultUrls.has(vaultUrl);
  };
};

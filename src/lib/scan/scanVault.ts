import type { AzureErrorReason, AzureFailure } from '../azure/azureErrorReason.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Inventory, Listing, OnPage } from './ports/inventory.ts';
import { assessObject, type VaultPolicy } from './rules/assess.ts';
import type { Assessment, VaultObjectKind } from './rules/credential.ts';
import type { ScanRequest } from './rules/scanRequest.ts';
import { type ScanCounts, scanTally } from './rules/vaultScan.ts';

export interface ScanPorts {
  readonly inventory: Inventory;
  readonly clock: Clock;
}

export interface ScanLimits {
  readonly timeoutMs: number;
}

/** What came of the scan of one vault. Only a `complete` one is the truth about it. */
export interface VaultScan extends ScanRequest {
  readonly vault: string;
  readonly outcome: 'complete' | 'failed';
  /** Of the first kind that could not be listed to its end; absent when complete. */
  readonly failure: AzureFailure | undefined;
  readonly counts: ScanCounts;
  readonly pages: number;
  readonly durationMs: number;
  /** How far the local clock is ahead of Key Vault's; absent when no answer carried a date. */
  readonly clockSkewMs: number | undefined;
}

/**
 * Receives one credential of a scan. A promise that it returns holds that kind's listing back until it is kept;
 * returning none costs nothing.
 */
export type Observe = (assessment: Assessment) => void | Promise<void>;

const KINDS: readonly VaultObjectKind[] = ['secret', 'key', 'certificate'];

/** Nobody is there to answer: asked for the next kind, it would make the caller wait as long again. */
const UNREACHABLE: ReadonlySet<AzureErrorReason> = new Set(['connection', 'tls', 'not_found']);

/**
 * Looks at the metadata of everything in one vault, handing each assessment over as it is made, so that
 * a vault of any size takes the memory of one page. Statuses go by Key Vault's own clock.
 *
 * Never rejects for a fault of the vault: that is an outcome.
 * @param observe receives every credential, ignored ones too; managed duplicates are left out
 */
export const scanVault = async (
  { inventory, clock }: ScanPorts,
  request: ScanRequest,
  policy: VaultPolicy,
  { timeoutMs }: ScanLimits,
  observe: Observe,
): Promise<VaultScan> => {
  const startedMs = clock.monotonicMs();
  const tally = scanTally();
  let clockSkewMs: number | undefined;

  const onPage: OnPage = async (objects, serverDateEpochMs) => {
    if (serverDateEpochMs !== undefined) clockSkewMs ??= clock.nowEpochMs() - serverDateEpochMs;
    const nowEpochMs = serverDateEpochMs ?? clock.nowEpochMs() - (clockSkewMs ?? 0);
    for (const metadata of objects) {
      // The secret and the key behind a certificate are that certificate: one credential, one alert.
      if (metadata.managed) {
        tally.addManaged();
        continue;
      }
      const assessment = assessObject(metadata, policy, nowEpochMs);
      tally.add(assessment);
      const heldBack = observe(assessment);
      if (heldBack !== undefined) await heldBack;
    }
  };

  const signal = AbortSignal.timeout(timeoutMs);
  const listings: Listing[] = [];
  // One kind after the other: side by side they hold three times the pages, and a large scan is busy anyway.
  for (const kind of KINDS) {
    const listing = await inventory.list(request.vaultUrl, kind, onPage, signal);
    listings.push(listing);
    if (!listing.ok && UNREACHABLE.has(listing.failure.reason)) break;
  }
  const failure = listings.find((listing) => !listing.ok)?.failure;
  return {
    ...request,
    vault: policy.name,
    outcome: failure === undefined ? 'complete' : 'failed',
    failure,
    counts: tally.counts(),
    pages: listings.reduce((sum, { pages }) => sum + pages, 0),
    durationMs: clock.monotonicMs() - startedMs,
    clockSkewMs,
  };
};

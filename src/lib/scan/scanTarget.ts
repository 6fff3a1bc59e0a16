import type { Clock } from '../kernel/clock.ts';
import { assessClosely, closerLooks } from './assessClosely.ts';
import type { CredentialSource, OnPage, SourceFailure } from './ports.ts';
import type { Assessment } from './rules/credential.ts';
import type { ScanRequest } from './rules/scanRequest.ts';
import { type ScanCounts, scanTally } from './rules/vaultScan.ts';

export interface ScanLimits {
  readonly timeoutMs: number;
}

/** What came of the scan of one target. Only a `complete` one is the truth about it. */
export interface TargetScan extends ScanRequest {
  /** What the target is called: the vault, or the application. */
  readonly vault: string;
  readonly outcome: 'complete' | 'failed';
  /** Why it could not be listed to its end; absent when complete. */
  readonly failure: SourceFailure | undefined;
  readonly counts: ScanCounts;
  readonly pages: number;
  readonly durationMs: number;
  /** How far the local clock is ahead of the source's; absent when no answer carried a date. */
  readonly clockSkewMs: number | undefined;
}

/**
 * Receives one credential of a scan. A promise that it returns holds the listing back until it is kept;
 * returning none costs nothing.
 */
export type Observe = (assessment: Assessment) => void | Promise<void>;

/**
 * Judges everything in one target of a source, handing each assessment over as it is made, so that a target of
 * any size takes the memory of one page. Statuses go by the source's own clock where its answers carry one.
 *
 * Never rejects for a fault of the source: that is an outcome.
 * @param observe receives every credential, ignored ones too; managed duplicates are left out
 */
export const scanTarget = async (
  source: CredentialSource,
  clock: Clock,
  request: ScanRequest,
  { timeoutMs }: ScanLimits,
  observe: Observe,
): Promise<TargetScan> => {
  const startedMs = clock.monotonicMs();
  const policy = source.policyOf(request.target);
  const tally = scanTally();
  let clockSkewMs: number | undefined;
  const signal = AbortSignal.timeout(timeoutMs);
  let failure: SourceFailure | undefined;
  const looks = closerLooks(source, request.target, signal, (one) => {
    failure = one;
  });

  const onPage: OnPage = async (objects, serverDateEpochMs) => {
    if (serverDateEpochMs !== undefined) clockSkewMs ??= clock.nowEpochMs() - serverDateEpochMs;
    const nowEpochMs = serverDateEpochMs ?? clock.nowEpochMs() - (clockSkewMs ?? 0);
    for (const metadata of objects) {
      // What only backs another credential is that one, as the secret and the key of a certificate: one credential, one alert.
      if (metadata.managed) {
        tally.addManaged();
        continue;
      }
      const assessing = assessClosely(metadata, policy, nowEpochMs, looks);
      const assessment = assessing instanceof Promise ? await assessing : assessing;
      tally.add(assessment);
      const heldBack = observe(assessment);
      if (heldBack !== undefined) await heldBack;
    }
  };

  const listing = await source.list(request.target, onPage, signal);
  if (!listing.ok) failure = listing.failure;
  return {
    ...request,
    vault: policy.name,
    outcome: failure === undefined ? 'complete' : 'failed',
    failure,
    counts: tally.counts(),
    pages: listing.pages,
    durationMs: clock.monotonicMs() - startedMs,
    clockSkewMs,
  };
};

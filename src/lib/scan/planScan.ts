import type { ScanMode } from '../credentials/runModes.ts';
import type { SourceName } from '../credentials/sources.ts';
import type { CredentialSource, SourceDiscovery, SourceFailure, SourceTargets } from './ports.ts';
import type { ScanRequest } from './rules/scanRequest.ts';

export interface ScanPlan {
  readonly requests: readonly ScanRequest[];
  /** Of each source that was searched for targets. */
  readonly discoveries: readonly (SourceDiscovery & { readonly source: SourceName })[];
  /** Why searches did not show everything, at most one of each source. */
  readonly discoveryFailures: readonly SourceFailure[];
}

export type FoundTargets = readonly (SourceTargets & { readonly source: SourceName })[];

/** The targets of every source. */
export const findTargets = (sources: readonly CredentialSource[]): Promise<FoundTargets> =>
  Promise.all(sources.map(async (one) => ({ source: one.name, ...(await one.targets()) })));

/** Decides what to scan now: each target with an id of its own. */
export const planScan = (
  found: FoundTargets,
  modeOf: (target: string) => ScanMode,
  newScanId: () => string,
): ScanPlan => {
  const discoveries = found.flatMap(({ source, discovery }) =>
    discovery === undefined ? [] : [{ source, ...discovery }],
  );
  return {
    requests: found.flatMap(({ source, targets }) =>
      targets.map((target) => ({ source, target, runId: newScanId(), mode: modeOf(target) })),
    ),
    discoveries,
    discoveryFailures: discoveries.flatMap(({ failure = [] }) => failure),
  };
};

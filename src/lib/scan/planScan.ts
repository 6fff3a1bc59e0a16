import type { ScanMode } from '../credentials/runModes.ts';
import type { SourceName } from '../credentials/sources.ts';
import type { CredentialSource, SourceDiscovery, SourceFailure } from './ports.ts';
import type { ScanRequest } from './rules/scanRequest.ts';

export interface ScanPlan {
  readonly requests: readonly ScanRequest[];
  /** Of each source that was searched for targets. */
  readonly discoveries: readonly (SourceDiscovery & { readonly source: SourceName })[];
  /** Why searches did not show everything, at most one of each source. */
  readonly discoveryFailures: readonly SourceFailure[];
}

/** Decides what to scan now: the targets of every source, each with an id of its own. */
export const planScan = async (
  sources: readonly CredentialSource[],
  modeOf: (target: string) => ScanMode,
  newScanId: () => string,
): Promise<ScanPlan> => {
  const found = await Promise.all(
    sources.map(async (one) => ({ source: one.name, ...(await one.targets()) })),
  );
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

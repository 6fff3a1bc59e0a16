import type { Finding } from '../../credentials/findings.ts';
import { TAGS } from '../../credentials/tagNames.ts';
import { cappedForGrant, type GrantSecret } from '../../oauth/rules/grantSecret.ts';
import type { CredentialMetadata } from './credential.ts';
import { BUILT_IN, type Source, TAG } from './sources.ts';
import { cappedDefaultMs, describeThreshold, type Threshold, thresholdMs } from './threshold.ts';

/** The lifetime that a share refers to: from its start (or creation) to its end. */
const lifetimeMsOf = (
  { expiresOnEpochMs, notBeforeEpochMs, createdEpochMs }: CredentialMetadata,
  grant: GrantSecret | undefined,
): number | undefined => {
  const startEpochMs = grant?.lifeFromEpochMs ?? notBeforeEpochMs ?? createdEpochMs;
  if (expiresOnEpochMs === undefined || startEpochMs === undefined) return undefined;
  return expiresOnEpochMs > startEpochMs ? expiresOnEpochMs - startEpochMs : undefined;
};

export interface EffectiveThresholds {
  readonly warningMs: number | undefined;
  readonly criticalMs: number | undefined;
  readonly finding: readonly Finding[];
  readonly warningBy: Source | undefined;
  readonly criticalBy: Source | undefined;
}

const WITHOUT_END: EffectiveThresholds = {
  warningMs: undefined,
  criticalMs: undefined,
  finding: [],
  warningBy: undefined,
  criticalBy: undefined,
};

interface Picked {
  readonly ms: number;
  readonly threshold: Threshold;
  readonly source: Source;
}

/**
 * The thresholds of one credential, each from the first source that says it. Where they cross, the less exact gives
 * way; two tags that cross contradict each other: neither holds, and a finding says so.
 * @param sources most exact first; what none says is {@link BUILT_IN}
 */
export const effectiveThresholds = (
  metadata: CredentialMetadata,
  sources: readonly Source[],
  grant: GrantSecret | undefined,
): EffectiveThresholds => {
  if (metadata.expiresOnEpochMs === undefined) return WITHOUT_END;
  const lifetimeMs = lifetimeMsOf(metadata, grant);
  const cappedMs = (threshold: Threshold): number => {
    const ms = cappedDefaultMs(threshold, lifetimeMs);
    return grant === undefined ? ms : cappedForGrant(ms, lifetimeMs);
  };
  const pick = (member: 'warning' | 'critical'): Picked => {
    for (const source of sources) {
      const threshold = source.says[member];
      if (threshold === undefined) continue;
      const ms = source.scope === 'one' ? thresholdMs(threshold, lifetimeMs) : cappedMs(threshold);
      // A share of an unknown lifetime is no time: the next one is asked.
      if (ms !== undefined) return { ms, threshold, source };
    }
    const threshold = BUILT_IN.says[member];
    return { ms: cappedMs(threshold), threshold, source: BUILT_IN };
  };
  const warning = pick('warning');
  const critical = pick('critical');
  const by = { warningBy: warning.source, criticalBy: critical.source };
  if (critical.ms <= warning.ms)
    return { warningMs: warning.ms, criticalMs: critical.ms, finding: [], ...by };
  if (by.warningBy.origin === TAG && by.criticalBy.origin === TAG) {
    const detail = `Tags ${TAGS.warningDays} (${describeThreshold(warning.threshold)}) and ${TAGS.criticalDays} (${describeThreshold(
      critical.threshold,
    )}) cross: warning must not come after critical. What holds without them applies.`;
    const otherwise = effectiveThresholds(metadata, sources.slice(1), grant);
    return { ...otherwise, finding: [{ code: 'malformed_tag', detail }] };
  }
  const isCriticalMoreExact =
    critical.source.scope !== 'vault' &&
    sources
      .slice(sources.indexOf(critical.source) + 1)
      .concat(BUILT_IN)
      .includes(warning.source);
  const ms = isCriticalMoreExact ? critical.ms : warning.ms;
  return { warningMs: ms, criticalMs: ms, finding: [], ...by };
};

import type { Finding } from '../../credentials/findings.ts';
import { TAGS } from '../../credentials/tagNames.ts';
import { cappedForGrant, type GrantSecret } from '../../oauth/rules/grantSecret.ts';
import type { ObjectMetadata } from './credential.ts';
import type { TagReading } from './tags.ts';
import {
  cappedDefaultMs,
  describeThreshold,
  type Threshold,
  type ThresholdPair,
  thresholdMs,
} from './threshold.ts';

/** The lifetime that a share refers to: from its start (or creation) to its end. */
const lifetimeMsOf = (
  { expiresOnEpochMs, notBeforeEpochMs, createdEpochMs }: ObjectMetadata,
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
}

/** Where tags ask for a page before the warning, the defaults apply and a finding says so. */
export const effectiveThresholds = (
  metadata: ObjectMetadata,
  tags: TagReading,
  defaults: ThresholdPair,
  grant: GrantSecret | undefined,
): EffectiveThresholds => {
  if (metadata.expiresOnEpochMs === undefined)
    return { warningMs: undefined, criticalMs: undefined, finding: [] };
  const lifetimeMs = lifetimeMsOf(metadata, grant);
  const cappedMs = (threshold: Threshold): number => {
    const ms = cappedDefaultMs(threshold, lifetimeMs);
    return grant === undefined ? ms : cappedForGrant(ms, lifetimeMs);
  };
  const defaultWarningMs = cappedMs(defaults.warning);
  // Days and a share may cross for one lifetime and not for another: the page gives way.
  const defaultCriticalMs = Math.min(cappedMs(defaults.critical), defaultWarningMs);
  const warningMs = (tags.warning && thresholdMs(tags.warning, lifetimeMs)) ?? defaultWarningMs;
  const taggedCriticalMs = tags.critical && thresholdMs(tags.critical, lifetimeMs);
  // A tag that only moves the warning below the default page moves the page along: that is no mistake.
  const criticalMs = taggedCriticalMs ?? Math.min(defaultCriticalMs, warningMs);
  if (criticalMs <= warningMs) return { warningMs, criticalMs, finding: [] };
  if (tags.warning === undefined) return { warningMs: criticalMs, criticalMs, finding: [] };
  const detail = `Tags ${TAGS.warningDays} (${describeThreshold(tags.warning)}) and ${TAGS.criticalDays} (${describeThreshold(
    tags.critical ?? defaults.critical,
  )}) cross: the warning must not come after the page. The defaults apply.`;
  return {
    warningMs: defaultWarningMs,
    criticalMs: defaultCriticalMs,
    finding: [{ code: 'malformed_tag', detail }],
  };
};

import { cappedForGrant, type GrantSecret } from '../../oauth/rules/grantSecret.ts';
import type { Finding, ObjectMetadata } from './credential.ts';
import { TAGS, type TagReading } from './tags.ts';
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
  readonly warnMs: number | undefined;
  readonly pageMs: number | undefined;
  readonly finding: readonly Finding[];
}

/** Where tags ask for a page before the warning, the defaults apply and a finding says so. */
export const effectiveThresholds = (
  metadata: ObjectMetadata,
  tags: TagReading,
  defaults: ThresholdPair,
  grant: GrantSecret | undefined,
): EffectiveThresholds => {
  if (metadata.expiresOnEpochMs === undefined) return { warnMs: undefined, pageMs: undefined, finding: [] };
  const lifetimeMs = lifetimeMsOf(metadata, grant);
  const cappedMs = (threshold: Threshold): number => {
    const ms = cappedDefaultMs(threshold, lifetimeMs);
    return grant === undefined ? ms : cappedForGrant(ms, lifetimeMs);
  };
  const defaultWarnMs = cappedMs(defaults.warn);
  // Days and a share may cross for one lifetime and not for another: the page gives way.
  const defaultPageMs = Math.min(cappedMs(defaults.page), defaultWarnMs);
  const warnMs = (tags.warn && thresholdMs(tags.warn, lifetimeMs)) ?? defaultWarnMs;
  const taggedPageMs = tags.page && thresholdMs(tags.page, lifetimeMs);
  // A tag that only moves the warning below the default page moves the page along: that is no mistake.
  const pageMs = taggedPageMs ?? Math.min(defaultPageMs, warnMs);
  if (pageMs <= warnMs) return { warnMs, pageMs, finding: [] };
  if (tags.warn === undefined) return { warnMs: pageMs, pageMs, finding: [] };
  const detail = `Tags ${TAGS.warnDays} (${describeThreshold(tags.warn)}) and ${TAGS.pageDays} (${describeThreshold(
    tags.page ?? defaults.page,
  )}) cross: the warning must not come after the page. The defaults apply.`;
  return { warnMs: defaultWarnMs, pageMs: defaultPageMs, finding: [{ code: 'malformed_tag', detail }] };
};

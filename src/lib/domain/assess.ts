import {
  type Assessment,
  credentialIdOf,
  type Finding,
  type ObjectMetadata,
  type Suppression,
} from './credential.ts';
import { isoDate } from './instant.ts';
import { classifyStatus } from './status.ts';
import { readTags, TAGS, type TagReading } from './tags.ts';
import { cappedDefaultMs, describeThreshold, type ThresholdPair, thresholdMs } from './threshold.ts';

/** How one vault is called, and what holds for those of its objects whose tags do not say otherwise. */
export interface VaultPolicy {
  readonly name: string;
  readonly thresholds: ThresholdPair;
  readonly owner: string | undefined;
}

/** What is known of an object beyond its own metadata, where somebody looked. */
export interface VersionFacts {
  /** True when a newer enabled version exists: this one's end no longer matters. */
  readonly superseded: boolean;
  readonly findings: readonly Finding[];
}

/** Concludes everything about one vault object from its metadata. Pure; never throws. */
export const assessObject = (
  metadata: ObjectMetadata,
  policy: VaultPolicy,
  nowEpochMs: number,
  versions?: VersionFacts,
): Assessment => {
  const tags = readTags(metadata.tags, nowEpochMs);
  const { warnMs, pageMs, finding } = effectiveThresholds(metadata, tags, policy.thresholds);
  const { expiresOnEpochMs, notBeforeEpochMs } = metadata;
  const status = classifyStatus({ ...metadata, warnMs, pageMs }, nowEpochMs);
  const owner = tags.owner ?? policy.owner;
  const findings = metadata.enabled
    ? [...tags.findings, ...finding, ...hygiene(metadata, owner), ...(versions?.findings ?? [])]
    : [];
  return {
    credentialId: credentialIdOf(policy.name, metadata.kind, metadata.name),
    kind: metadata.kind,
    vault: policy.name,
    name: metadata.name,
    version: metadata.version,
    status,
    expiresOnEpochMs,
    notBeforeEpochMs,
    warnAtEpochMs: before(expiresOnEpochMs, warnMs),
    pageAtEpochMs: before(expiresOnEpochMs, pageMs),
    owner,
    runbook: tags.runbook,
    findings,
    suppressed: suppressionOf(tags, versions, nowEpochMs),
    snoozedUntilEpochMs: tags.snoozeUntilEpochMs,
  };
};

const before = (endEpochMs: number | undefined, ms: number | undefined): number | undefined =>
  endEpochMs === undefined || ms === undefined ? undefined : endEpochMs - ms;

const suppressionOf = (
  tags: TagReading,
  versions: VersionFacts | undefined,
  nowEpochMs: number,
): Suppression | undefined => {
  if (tags.ignore) return 'ignored';
  if (versions?.superseded === true) return 'superseded';
  return tags.snoozeUntilEpochMs !== undefined && nowEpochMs <= tags.snoozeUntilEpochMs
    ? 'snoozed'
    : undefined;
};

const hygiene = (metadata: ObjectMetadata, owner: string | undefined): Finding[] => {
  const { expiresOnEpochMs, notBeforeEpochMs } = metadata;
  const findings: Finding[] = [];
  if (expiresOnEpochMs === undefined) {
    findings.push({
      code: 'no_expiry',
      detail: 'It has no expiry date, so nobody is told before it stops working.',
    });
  } else if (notBeforeEpochMs !== undefined && notBeforeEpochMs >= expiresOnEpochMs) {
    const detail = `It starts on ${isoDate(notBeforeEpochMs)}, not before its end on ${isoDate(expiresOnEpochMs)}: it is never valid.`;
    findings.push({ code: 'never_valid', detail });
  }
  if (owner === undefined) {
    findings.push({ code: 'unowned', detail: `Nobody is named as its owner; set the tag ${TAGS.owner}.` });
  }
  return findings;
};

/** The lifetime that a share refers to: from its start (or creation) to its end. */
const lifetimeMsOf = ({
  expiresOnEpochMs,
  notBeforeEpochMs,
  createdEpochMs,
}: ObjectMetadata): number | undefined => {
  const startEpochMs = notBeforeEpochMs ?? createdEpochMs;
  if (expiresOnEpochMs === undefined || startEpochMs === undefined) return undefined;
  return expiresOnEpochMs > startEpochMs ? expiresOnEpochMs - startEpochMs : undefined;
};

interface EffectiveThresholds {
  readonly warnMs: number | undefined;
  readonly pageMs: number | undefined;
  readonly finding: readonly Finding[];
}

const effectiveThresholds = (
  metadata: ObjectMetadata,
  tags: TagReading,
  defaults: ThresholdPair,
): EffectiveThresholds => {
  if (metadata.expiresOnEpochMs === undefined) return { warnMs: undefined, pageMs: undefined, finding: [] };
  const lifetimeMs = lifetimeMsOf(metadata);
  const defaultMs = {
    warn: cappedDefaultMs(defaults.warn, lifetimeMs) ?? 0,
    page: cappedDefaultMs(defaults.page, lifetimeMs) ?? 0,
  };
  const warnMs = (tags.warn && thresholdMs(tags.warn, lifetimeMs)) ?? defaultMs.warn;
  const taggedPageMs = tags.page && thresholdMs(tags.page, lifetimeMs);
  // A tag that only moves the warning below the default page moves the page along: that is no mistake.
  const pageMs = taggedPageMs ?? Math.min(defaultMs.page, warnMs);
  if (pageMs <= warnMs) return { warnMs, pageMs, finding: [] };
  if (tags.warn === undefined) return { warnMs: pageMs, pageMs, finding: [] };
  const detail = `Tags ${TAGS.warnDays} (${describeThreshold(tags.warn)}) and ${TAGS.pageDays} (${describeThreshold(
    tags.page ?? defaults.page,
  )}) cross: the warning must not come after the page. The defaults apply.`;
  return { warnMs: defaultMs.warn, pageMs: defaultMs.page, finding: [{ code: 'malformed_tag', detail }] };
};

import {
  type Assessment,
  credentialIdOf,
  type Finding,
  type ObjectMetadata,
  type Suppression,
  type VaultObjectKind,
} from './credential.ts';
import { isPassed, isTaggedDead } from './deadMark.ts';
import { isInstant, isoDate } from './instant.ts';
import { classifyStatus } from './status.ts';
import { readTags, TAGS, type TagReading } from './tags.ts';
import { cappedDefaultMs, DAY_MS, describeThreshold, type ThresholdPair, thresholdMs } from './threshold.ts';

/** How one vault is called, and what holds for those of its objects whose tags do not say otherwise. */
export interface VaultPolicy {
  readonly name: string;
  readonly thresholds: ThresholdPair;
  readonly owner: string | undefined;
  /** How long after its end a credential that is still enabled pages; absent: {@link ENDED_LONG_AGO_DAYS}. */
  readonly endedLongAgoMs?: number | undefined;
  /** Objects that grants of the config use, by {@link grantObjectKey}; absent: none in this vault. */
  readonly grantObjects?: ReadonlyMap<string, GrantObject> | undefined;
}

/** Nothing that is in use lies broken for so long without anybody having noticed. */
export const ENDED_LONG_AGO_DAYS = 14;

/** What the config says of an object that a grant uses: its refresh token, or its client's own secret or key. */
export interface GrantObject {
  readonly grantId: string;
  readonly owner: string | undefined;
  readonly runbook: string | undefined;
  readonly reconnectUrl?: string | undefined;
}

/** Key Vault's names are the same in any case. */
export const grantObjectKey = (kind: VaultObjectKind, name: string): string =>
  `${kind}/${name.toLowerCase()}`;

/** What is known of an object beyond its own metadata, where somebody looked. */
export interface VersionFacts {
  /** True when a newer enabled version exists: this one's end no longer matters. */
  readonly superseded: boolean;
  readonly findings: readonly Finding[];
}

/** Concludes everything about one vault object from its metadata. Pure; never throws. */
export const assessObject = (
  listed: ObjectMetadata,
  policy: VaultPolicy,
  nowEpochMs: number,
  versions?: VersionFacts,
): Assessment => {
  const metadata = withKnownInstants(listed);
  const { kind, name, version, enabled, createdEpochMs, expiresOnEpochMs, notBeforeEpochMs } = metadata;
  const tags = readTags(metadata.tags, nowEpochMs);
  const { warnMs, pageMs, finding } = effectiveThresholds(metadata, tags, policy.thresholds);
  const grant = policy.grantObjects?.get(grantObjectKey(kind, name));
  const owner = tags.owner ?? grant?.owner ?? policy.owner;
  const dead = deadGrant(metadata, grant, nowEpochMs);
  const pageUntilEpochMs = pageUntil(expiresOnEpochMs, policy);
  const long = dead.length > 0 ? [] : endedLongAgo(expiresOnEpochMs, pageUntilEpochMs, nowEpochMs);
  return {
    credentialId: credentialIdOf(policy.name, kind, name),
    kind,
    vault: policy.name,
    name,
    version,
    createdEpochMs,
    status: classifyStatus({ enabled, notBeforeEpochMs, expiresOnEpochMs, warnMs, pageMs }, nowEpochMs),
    expiresOnEpochMs,
    notBeforeEpochMs,
    warnAtEpochMs: before(expiresOnEpochMs, warnMs),
    pageAtEpochMs: before(expiresOnEpochMs, pageMs),
    pageUntilEpochMs,
    owner,
    runbook: tags.runbook ?? grant?.runbook,
    targets: tags.targets,
    findings: enabled
      ? [
          ...dead,
          ...long,
          ...tags.findings,
          ...finding,
          ...hygiene(metadata, owner),
          ...(versions?.findings ?? []),
        ]
      : [],
    suppressed: suppressionOf(tags, versions, nowEpochMs),
    snoozedUntilEpochMs: tags.snoozeUntilEpochMs,
  };
};

/**
 * The same object without dates that no calendar has (NaN, infinity, the year 300000): such an end is as
 * good as none, and compared as a number it would make the credential valid for ever.
 */
const withKnownInstants = (metadata: ObjectMetadata): ObjectMetadata => {
  const { createdEpochMs, notBeforeEpochMs, expiresOnEpochMs } = metadata;
  if (isAbsentOrInstant(createdEpochMs) && isAbsentOrInstant(notBeforeEpochMs)) {
    if (isAbsentOrInstant(expiresOnEpochMs)) return metadata;
  }
  return {
    ...metadata,
    createdEpochMs: knownInstant(createdEpochMs),
    notBeforeEpochMs: knownInstant(notBeforeEpochMs),
    expiresOnEpochMs: knownInstant(expiresOnEpochMs),
  };
};

const isAbsentOrInstant = (epochMs: number | undefined): boolean =>
  epochMs === undefined || isInstant(epochMs);

const knownInstant = (epochMs: number | undefined): number | undefined =>
  epochMs !== undefined && isInstant(epochMs) ? epochMs : undefined;

const before = (endEpochMs: number | undefined, ms: number | undefined): number | undefined =>
  endEpochMs === undefined || ms === undefined ? undefined : knownInstant(endEpochMs - ms);

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

const pageUntil = (endEpochMs: number | undefined, policy: VaultPolicy): number | undefined =>
  before(endEpochMs, -(policy.endedLongAgoMs ?? ENDED_LONG_AGO_DAYS * DAY_MS));

/** What broke nothing in all that time is not in use: a chore, not an emergency. */
const endedLongAgo = (
  endEpochMs: number | undefined,
  pageUntilEpochMs: number | undefined,
  nowEpochMs: number,
): Finding[] => {
  if (endEpochMs === undefined || pageUntilEpochMs === undefined || nowEpochMs < pageUntilEpochMs) return [];
  const detail = `It ended on ${isoDate(endEpochMs)} and is still enabled: disable or delete it.`;
  return [{ code: 'ended_long_ago', detail }];
};

/** What ended because its token died is renewed by no date: a person has to consent. */
const deadGrant = (
  metadata: ObjectMetadata,
  grant: GrantObject | undefined,
  nowEpochMs: number,
): Finding[] => {
  const { expiresOnEpochMs } = metadata;
  if (expiresOnEpochMs === undefined || !isTaggedDead(metadata) || !isPassed(metadata, nowEpochMs)) return [];
  const which = grant === undefined ? 'a grant' : `grant ${grant.grantId}`;
  const where = grant?.reconnectUrl === undefined ? '' : ` at ${grant.reconnectUrl}`;
  const detail = `It holds the refresh token of ${which}, which is dead since ${isoDate(expiresOnEpochMs)}: consent again${where} and write the new token into it.`;
  return [{ code: 'dead_grant', detail }];
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

/** Where tags ask for a page before the warning, the defaults apply and a finding says so. */
const effectiveThresholds = (
  metadata: ObjectMetadata,
  tags: TagReading,
  defaults: ThresholdPair,
): EffectiveThresholds => {
  if (metadata.expiresOnEpochMs === undefined) return { warnMs: undefined, pageMs: undefined, finding: [] };
  const lifetimeMs = lifetimeMsOf(metadata);
  const defaultWarnMs = cappedDefaultMs(defaults.warn, lifetimeMs);
  // Days and a share may cross for one lifetime and not for another: the page gives way.
  const defaultPageMs = Math.min(cappedDefaultMs(defaults.page, lifetimeMs), defaultWarnMs);
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

import { isLongPast } from '../../credentials/endedLongAgo.ts';
import { findingsOf } from '../../credentials/factFindings.ts';
import { type Finding, inTableOrder } from '../../credentials/findings.ts';
import type { CredentialKind } from '../../credentials/kinds.ts';
import { CREDENTIAL_STATUSES, type CredentialStatus, type Suppression } from '../../credentials/statuses.ts';
import { isInstant, isoDate } from '../../kernel/instant.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { isPassed, isTaggedDead } from '../../oauth/rules/deadMark.ts';
import { type GrantSecret, readGrantSecret } from '../../oauth/rules/grantSecret.ts';
import { manyVersions } from '../../oauth/rules/versionsAYear.ts';
import { type Assessment, type CredentialMetadata, credentialIdOf } from './credential.ts';
import { effectiveThresholds } from './effectiveThresholds.ts';
import { describeRenewal, type Renewal, renewalSaid, renewalStage } from './renewal.ts';
import { type Resolution, resolve } from './resolve.ts';
import { firstSaying, type Source, TAG } from './sources.ts';
import { classifyStatus } from './status.ts';
import { NOTHING_SAID, readTags, type TagReading } from './tags.ts';
import type { VaultRules } from './vaultRules.ts';

/** How one vault is called, and what holds for those of its objects whose tags do not say otherwise. */
export interface VaultPolicy {
  readonly name: string;
  /** What the config says of all of the vault, most exact first; what nobody says is built in. */
  readonly says: readonly Source[];
  readonly rules?: VaultRules | undefined;
  /** Objects that grants of the config use, by {@link grantObjectKey}; absent: none in this vault. */
  readonly grantObjects?: ReadonlyMap<string, GrantObject> | undefined;
}

/** What the config says of an object that a grant uses: its refresh token, or its client's own secret or key. */
export interface GrantObject {
  readonly grantId: string;
  readonly owner: string | undefined;
  readonly runbook: string | undefined;
  readonly reconnectUrl?: string | undefined;
  /** Versions that each refresh makes of it; absent: it is no refresh token, or Keywatch does not refresh it. */
  readonly versionsPerRefresh?: number | undefined;
}

/** Key Vault's names are the same in any case. */
export const grantObjectKey = (kind: CredentialKind, name: string): string => `${kind}/${name.toLowerCase()}`;

/** What somebody found out about an object by asking for more than its listing shows. */
export interface Further {
  /** What all its versions show. */
  readonly ofVersions?: readonly Finding[] | undefined;
  /** What its policy says. */
  readonly renewal?: Renewal | undefined;
}

/** Concludes everything about one vault object from its metadata. Pure; never throws. */
export const assessObject = (
  listed: CredentialMetadata,
  policy: VaultPolicy,
  nowEpochMs: number,
  further: Further = {},
): Assessment => {
  const metadata = withKnownInstants(listed);
  const { kind, name, version, enabled, createdEpochMs, expiresOnEpochMs, notBeforeEpochMs, known } =
    metadata;
  const tags = readTags(metadata.tags, nowEpochMs);
  const secret = kind === 'secret' ? readGrantSecret(metadata.tags, expiresOnEpochMs, nowEpochMs) : undefined;
  const grant = policy.grantObjects?.get(grantObjectKey(kind, name));
  const speakers = {
    tags: ofTags(tags),
    rules: policy.rules,
    grant: ofGrant(grant),
    general: withOwnerOf(metadata, policy.says),
  };
  const resolution = resolve(metadata, speakers, nowEpochMs);
  const { sources, owner, snoozeUntilEpochMs } = resolution;
  const { warningMs, criticalMs, finding, warningBy, criticalBy } = effectiveThresholds(
    metadata,
    sources,
    secret,
  );
  const isNewToken =
    grant?.versionsPerRefresh !== undefined && secret === undefined && isFresh(metadata, nowEpochMs);
  const mayLackEnd = secret?.isKeptAlive === true || isNewToken;
  const dead = deadGrant(metadata, grant, nowEpochMs);
  const alertUntilEpochMs = alertUntil(expiresOnEpochMs, sources);
  const when = { createdEpochMs, notBeforeEpochMs, expiresOnEpochMs };
  const isOfDeadGrant = dead.length > 0;
  const { mustExpire } = firstSaying(sources, 'mustExpire').says;
  const facts = {
    enabled,
    notBeforeEpochMs,
    expiresOnEpochMs,
    warningMs,
    criticalMs,
    mayLackEnd,
    mustExpire,
  };
  const status = classifyStatus(facts, nowEpochMs);
  const renewal = renewalSaid(firstSaying(sources, 'renews'), metadata) ?? further.renewal;
  const stage = renewalStage(renewal, expiresOnEpochMs, nowEpochMs);
  return {
    credentialId: credentialIdOf(policy.name, kind, name),
    kind,
    vault: policy.name,
    name,
    version,
    appId: known?.appId,
    rotationId: known?.rotationId,
    createdEpochMs,
    status,
    expiresOnEpochMs,
    notBeforeEpochMs,
    warningAtEpochMs: before(expiresOnEpochMs, warningMs),
    criticalAtEpochMs: before(expiresOnEpochMs, criticalMs),
    alertUntilEpochMs,
    owner,
    isOwnerUnread: known?.isOwnerUnread === true && firstSaying(sources, 'owner').scope === 'vault',
    runbook: firstSaying(sources, 'runbook').says.runbook,
    targets: firstSaying(sources, 'targets').says.targets,
    findings: enabled
      ? inTableOrder(
          dead.concat(
            outgrown(metadata, secret, grant),
            tags.findings,
            finding,
            findingsOf({
              ...when,
              nowEpochMs,
              alertUntilEpochMs,
              owner,
              isOwnerUnread: known?.isOwnerUnread === true,
              mayLackEnd,
              mustExpire,
              isOfDeadGrant,
            }),
            stage === 'late' && !isLongPast(alertUntilEpochMs, nowEpochMs) ? lateRenewal(renewal) : [],
            known?.findings ?? [],
            further.ofVersions ?? [],
          ),
        )
      : [],
    suppressed: suppressionOf(resolution, status, {
      isSuperseded: known?.supersededBy !== undefined,
      isRenewalAwaited: stage === 'awaited',
    }),
    snoozedUntilEpochMs: snoozeUntilEpochMs,
    supersededBy: known?.supersededBy,
    renewal,
    judgement: { resolution, warningBy, criticalBy },
  };
};

/**
 * The same object without dates that no calendar has (NaN, infinity, the year 300000): such an end is as
 * good as none, and compared as a number it would make the credential valid for ever.
 */
const withKnownInstants = (metadata: CredentialMetadata): CredentialMetadata => {
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
  { snoozedBy, ignoredBy }: Resolution,
  status: CredentialStatus,
  { isSuperseded, isRenewalAwaited }: { readonly isSuperseded: boolean; readonly isRenewalAwaited: boolean },
): Suppression | undefined => {
  if (ignoredBy !== undefined) return 'ignored';
  const { needsAction } = CREDENTIAL_STATUSES[status];
  if (isSuperseded && needsAction) return 'superseded';
  // Whoever may set a tag can put off the warning, and not hide that the credential has ended.
  if (status === 'expired') return undefined;
  if (snoozedBy !== undefined) return 'snoozed';
  return isRenewalAwaited && needsAction ? 'renews_itself' : undefined;
};

const lateRenewal = (renewal: Renewal | undefined): Finding[] =>
  renewal === undefined
    ? []
    : [
        {
          code: 'renewal_late',
          detail: `It is ${describeRenewal(renewal)}, and nothing has taken its place.`,
        },
      ];

const ofTags = (says: TagReading): Source | undefined =>
  says === NOTHING_SAID ? undefined : { origin: TAG, scope: 'one', says };

const ofGrant = (grant: GrantObject | undefined): Source | undefined =>
  grant && {
    origin: `grant ${grant.grantId}`,
    scope: 'one',
    says: { owner: grant.owner, runbook: grant.runbook },
  };

/** Who owns a credential by its own place comes behind everybody who wrote for Keywatch, and before a default. */
const withOwnerOf = ({ known }: CredentialMetadata, says: readonly Source[]): readonly Source[] =>
  known?.owner === undefined
    ? says
    : [{ origin: 'its directory', scope: 'one', says: { owner: known.owner } }, ...says];

const alertUntil = (endEpochMs: number | undefined, sources: readonly Source[]): number | undefined =>
  before(endEpochMs, -(firstSaying(sources, 'endedLongAgoDays').says.endedLongAgoDays ?? 0) * DAY_MS);

/** A secret that its own refreshes make too large to be backed up. */
const outgrown = (
  { expiresOnEpochMs }: CredentialMetadata,
  secret: GrantSecret | undefined,
  grant: GrantObject | undefined,
): Finding[] => {
  if (expiresOnEpochMs === undefined || secret?.lifeFromEpochMs === undefined) return [];
  const said = manyVersions(expiresOnEpochMs - secret.lifeFromEpochMs, grant?.versionsPerRefresh ?? 0);
  return said === undefined
    ? []
    : [{ code: 'too_many_versions', detail: `It is the token of grant ${grant?.grantId}: ${said}.` }];
};

/** Written so lately that the daily look at the grant need not have taken it up yet. */
const isFresh = ({ createdEpochMs }: CredentialMetadata, nowEpochMs: number): boolean =>
  createdEpochMs !== undefined && nowEpochMs - createdEpochMs <= 2 * DAY_MS;

/**
 * What ended because its token died is renewed by no date: a person has to consent. By the tag alone whoever may set
 * one would hide an end, as of a dead grant another alert tells: that one knows the grants of the config.
 */
const deadGrant = (
  metadata: CredentialMetadata,
  grant: GrantObject | undefined,
  nowEpochMs: number,
): Finding[] => {
  const { expiresOnEpochMs } = metadata;
  if (grant?.versionsPerRefresh === undefined || expiresOnEpochMs === undefined) return [];
  if (!isTaggedDead(metadata) || !isPassed(metadata, nowEpochMs)) return [];
  const where = grant.reconnectUrl === undefined ? '' : ` at ${grant.reconnectUrl}`;
  const detail = `It holds the refresh token of grant ${grant.grantId}, which is dead since ${isoDate(expiresOnEpochMs)}: consent again${where} and write the new token into it.`;
  return [{ code: 'dead_grant', detail }];
};

import { isoSeconds } from '../../kernel/instant.ts';
import { type StoreAnswer, type StoreFailure, storeFailure } from '../../kernel/storeFailure.ts';
import { endAhead } from '../../oauth/rules/deadMark.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import { readGrantTags } from '../../oauth/rules/grantSecret.ts';
import { reachableSeqOf, seqOf } from '../../oauth/rules/grantTagNames.ts';
import { canLoseToken } from '../../oauth/rules/rotation.ts';
import { type ControlRecord, NO_FAILURES } from '../rules/controlRecord.ts';
import { consentEndOf, isConsentAhead } from '../rules/deadline.ts';
import { recordForUnrecorded } from '../rules/unrecorded.ts';
import { viewVault } from '../rules/vaultView.ts';
import { type Attempt, type GrantView, type LatestToken, withSpent, withStoredToken } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';
import { grantTags, TOKEN_CONTENT_TYPE } from './grantTags.ts';

/** The record and the vault, agreeing. */
export interface Reconciled {
  readonly record: ControlRecord;
  readonly latest: LatestToken;
  /**
   * `adopted`: a token that somebody else wrote is ours to look after now. `caught_up`: a token of ours was
   * stored and the record did not know. `healed`: an older one covered ours and was put right.
   */
  readonly change: 'none' | 'adopted' | 'caught_up' | 'healed';
}

type Reconciling = Pick<GrantView, 'grant' | 'profile' | 'leased'>;

/**
 * Makes the record agree with the vault before anything is spent. Our newest token wins over one that is known
 * to be spent; any other token wins over ours. The result is not written:
 * the caller writes it with its own next step, or as it is.
 * @returns `behind`: an older token of ours lies on top, and only `heal` makes the two agree
 */
export const reconcile = (
  attempt: Reconciling,
  record: ControlRecord,
  latest: LatestToken,
): Reconciled | 'behind' => {
  const view = viewVault(record, latest);
  const reconciledAtEpochMs = attempt.leased.storeNowEpochMs();
  if (view.kind === 'expected') {
    const same = { ...withLaterConsent(attempt, record), version: latest.version, reconciledAtEpochMs };
    return { record: same, latest, change: 'none' };
  }
  if (view.kind === 'foreign') return { record: adopt(attempt, record, latest), latest, change: 'adopted' };
  if (view.kind === 'behind') return 'behind';
  const stored = {
    seq: view.seq,
    version: latest.version,
    fingerprint: latest.fingerprint,
    previousVersions: supersededVersions(record, latest.version),
    refreshedAtEpochMs:
      readGrantTags(latest.tags, reconciledAtEpochMs).refreshedAtEpochMs ?? reconciledAtEpochMs,
    deadlineEpochMs: latest.expiresOnEpochMs,
    reconciledAtEpochMs,
  };
  return {
    record: withStoredToken(recordForUnrecorded(record, view.seq), stored),
    latest,
    change: 'caught_up',
  };
};

/** A token that we did not write: a first one, or a person's new consent. */
const adopt = (
  { grant, profile, leased }: Reconciling,
  record: ControlRecord,
  latest: LatestToken,
): ControlRecord => {
  const known =
    record.fingerprint === undefined ? reachableSeqOf(latest.tags, record.reservedSeq) : undefined;
  const seq = known !== undefined && known >= record.reservedSeq ? known : record.reservedSeq + 1;
  const isUnspent =
    record.phase.state === 'idle' || (record.phase.state !== 'dead' && !canLoseToken(profile.rotation));
  const nowEpochMs = leased.storeNowEpochMs();
  const consentedAtEpochMs = consentOf({ grant, profile, record, latest, nowEpochMs });
  return {
    ...record,
    seq,
    reservedSeq: Math.max(record.reservedSeq, seq),
    version: latest.version,
    fingerprint: latest.fingerprint,
    previousFingerprint: record.fingerprint,
    isPreviousUnspent: isUnspent ? true : undefined,
    spentFingerprints: isUnspent ? record.spentFingerprints : withSpent(record, record.fingerprint),
    previousVersions: supersededVersions(record, latest.version),
    consentedAtEpochMs,
    consentEndsAtEpochMs: consentEndOf(profile, consentedAtEpochMs),
    account: undefined,
    accessToken: undefined,
    issuedAtEpochMs: undefined,
    refreshedAtEpochMs: undefined,
    deadlineEpochMs: endAhead(latest, nowEpochMs),
    reconciledAtEpochMs: nowEpochMs,
    failures: NO_FAILURES,
    phase: { state: 'idle' },
  };
};

/** People may also consent again without a new token, and say so in the config. */
const withLaterConsent = ({ grant, profile, leased }: Reconciling, record: ControlRecord): ControlRecord => {
  const consentedAtEpochMs = saidConsent(grant, leased.storeNowEpochMs());
  if (consentedAtEpochMs === undefined || consentedAtEpochMs <= (record.consentedAtEpochMs ?? 0))
    return record;
  const consentEndsAtEpochMs = consentEndOf(profile, consentedAtEpochMs);
  return { ...record, consentedAtEpochMs, consentEndsAtEpochMs };
};

/** The config's date, unless it lies ahead: a slip of the year would put the end of the consent out of sight. */
const saidConsent = ({ consentedAtEpochMs }: Reconciling['grant'], nowEpochMs: number): number | undefined =>
  consentedAtEpochMs !== undefined && !isConsentAhead(consentedAtEpochMs, nowEpochMs)
    ? consentedAtEpochMs
    : undefined;

interface ConsentQuestion extends Pick<Reconciling, 'grant' | 'profile'> {
  readonly record: ControlRecord;
  readonly latest: LatestToken;
  readonly nowEpochMs: number;
}

/**
 * When the person consented whose token this is. Of a token that replaces another the later counts of the
 * config's date and the day it was written: people consent again and leave the config as it is. Of a first
 * one the config knows better, as it may have been moved here, unless it were over by that date. With the
 * record lost, the tag of our own version still says it: that version was made by a refresh.
 */
const consentOf = ({ grant, profile, record, latest, nowEpochMs }: ConsentQuestion): number => {
  const writtenAtEpochMs = latest.createdEpochMs ?? nowEpochMs;
  const configured = saidConsent(grant, nowEpochMs);
  if (record.fingerprint === undefined && seqOf(latest.tags) !== undefined) {
    const { consentedAtEpochMs } = readGrantTags(latest.tags, nowEpochMs);
    return Math.max(
      consentedAtEpochMs ?? Number.NEGATIVE_INFINITY,
      configured ?? consentedAtEpochMs ?? writtenAtEpochMs,
    );
  }
  if (configured === undefined) return writtenAtEpochMs;
  const end = consentEndOf(profile, configured);
  const isFirst = record.fingerprint === undefined && (end === undefined || end > writtenAtEpochMs);
  return isFirst ? configured : Math.max(configured, writtenAtEpochMs);
};

/** Every version that the latest one replaces; they are switched off after the next success. */
const supersededVersions = (record: ControlRecord, latestVersion: string): string[] => {
  const spent = record.phase.state === 'intent' ? record.phase.baseVersions : [];
  const named = record.version === undefined ? [] : [record.version];
  return [...new Set([...record.previousVersions, ...named, ...spent])].filter(
    (version) => version !== latestVersion,
  );
};

const goneFailure = ({ secret, reconnectUrl }: Grant, record: ControlRecord): StoreFailure =>
  storeFailure('vault', 'not_found', {
    message: `Version ${record.version ?? '?'} of ${secret.name}, which the control record of ${isoSeconds(record.refreshedAtEpochMs ?? 0)} names, is not there any more, and the one that is there was replaced by it.`,
    action: `Restore ${secret.name} to a state that has that version; otherwise consent again${reconnectUrl === undefined ? '' : ` at ${reconnectUrl}`} and write the new refresh token into it.`,
  });

/** Puts our newest token on top again. */
export const heal = async (
  attempt: Attempt,
  record: ControlRecord,
  latest: LatestToken,
): Promise<StoreAnswer<{ readonly value: Reconciled }>> => {
  const { ports, grant, profile, leased } = attempt;
  const found = await ports.vault.readVersion(grant.secret, record.version ?? '');
  if (!found.ok && found.reason !== 'not_found') return found;
  if (!found.ok || fingerprintOf(record.salt, found.token.value) !== record.fingerprint) {
    // Restored to a state before our newest token. Where that one leaves the old one good, the old one goes on.
    if (canLoseToken(profile.rotation)) return goneFailure(grant, record);
    const { consentedAtEpochMs, consentEndsAtEpochMs } = record;
    const again = { ...adopt(attempt, record, latest), consentedAtEpochMs, consentEndsAtEpochMs };
    return { ok: true, value: { record: again, latest, change: 'adopted' } };
  }
  const next = {
    value: found.token.value,
    tags: grantTags(latest.tags, grant, { ...record, stage: 'current' }),
    expiresOnEpochMs: record.deadlineEpochMs,
    contentType: TOKEN_CONTENT_TYPE,
  };
  const written = await ports.vault.write(grant.secret, next);
  if (!written.ok) return written;
  const healed: LatestToken = {
    ...found.token,
    ...next,
    version: written.version,
    fingerprint: record.fingerprint ?? '',
  };
  const value: Reconciled = {
    record: { ...record, version: written.version, reconciledAtEpochMs: leased.storeNowEpochMs() },
    latest: healed,
    change: 'healed',
  };
  return { ok: true, value };
};

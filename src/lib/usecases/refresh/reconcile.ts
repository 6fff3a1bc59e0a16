import { type ControlRecord, NO_FAILURES } from '../../domain/controlRecord.ts';
import { endAhead } from '../../domain/deadMark.ts';
import { isoSeconds, readInstant } from '../../domain/instant.ts';
import { GRANT_TAGS } from '../../domain/tags.ts';
import { seqOf, viewVault } from '../../domain/vaultView.ts';
import type { StoreFailure } from '../../ports/storeFailure.ts';
import { type Attempt, type LatestToken, withSpent, withStoredToken } from './attempt.ts';
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

/**
 * Makes the record and the vault agree before anything is spent. Our newest token wins over one that is known
 * to be spent; any other token wins over ours. The result is not written:
 * the caller writes it with its own next step, or as it is.
 */
export const reconcile = async (
  attempt: Pick<Attempt, 'ports' | 'grant'>,
  record: ControlRecord,
  latest: LatestToken,
): Promise<{ readonly ok: true; readonly value: Reconciled } | StoreFailure> => {
  const view = viewVault(record, latest);
  const lookedAtEpochMs = attempt.ports.clock.nowEpochMs();
  if (view.kind === 'expected') {
    const same = { ...record, version: latest.version, lookedAtEpochMs };
    return { ok: true, value: { record: same, latest, change: 'none' } };
  }
  if (view.kind === 'foreign') {
    return { ok: true, value: { record: adopt(attempt, record, latest), latest, change: 'adopted' } };
  }
  if (view.kind === 'ahead') {
    const stored = {
      seq: view.seq,
      version: latest.version,
      fingerprint: latest.fingerprint,
      previousVersions: supersededVersions(record, latest.version),
      refreshedAtEpochMs: readInstant(latest.tags[GRANT_TAGS.refreshedAt] ?? '') ?? lookedAtEpochMs,
      deadlineEpochMs: latest.expiresOnEpochMs,
      lookedAtEpochMs,
    };
    return { ok: true, value: { record: withStoredToken(record, stored), latest, change: 'caught_up' } };
  }
  return heal(attempt, record, latest);
};

/** A token that we did not write: a first one, or a person's new consent. Nothing is known of its age. */
const adopt = (
  { ports, grant }: Pick<Attempt, 'ports' | 'grant'>,
  record: ControlRecord,
  latest: LatestToken,
): ControlRecord => {
  const known = record.fingerprint === undefined ? seqOf(latest.tags) : undefined;
  const seq = known ?? record.reservedSeq + 1;
  const isUnspent = record.phase.state === 'idle';
  const nowEpochMs = ports.clock.nowEpochMs();
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
    consentedAtEpochMs: grant.consentedAtEpochMs ?? latest.createdEpochMs ?? nowEpochMs,
    refreshedAtEpochMs: undefined,
    deadlineEpochMs: endAhead(latest, nowEpochMs),
    lookedAtEpochMs: nowEpochMs,
    failures: NO_FAILURES,
    phase: { state: 'idle' },
  };
};

/** Every version that the latest one replaces; they are switched off after the next success. */
const supersededVersions = (record: ControlRecord, latestVersion: string): string[] => {
  const spent = record.phase.state === 'intent' ? record.phase.baseVersions : [];
  const named = record.version === undefined ? [] : [record.version];
  return [...new Set([...record.previousVersions, ...named, ...spent])].filter(
    (version) => version !== latestVersion,
  );
};

/** Puts our newest token on top again. */
const heal = async (
  { ports, grant }: Pick<Attempt, 'ports' | 'grant'>,
  record: ControlRecord,
  latest: LatestToken,
): Promise<{ readonly ok: true; readonly value: Reconciled } | StoreFailure> => {
  const found = await ports.vault.readVersion(grant.secret, record.version ?? '');
  if (!found.ok) return found;
  if (fingerprintOf(record.salt, found.token.value) !== record.fingerprint) {
    return {
      ok: false,
      store: 'vault',
      code: 'not_found',
      permanence: 'permanent',
      detail: `version ${record.version ?? '?'} of ${grant.secret.name} is not the token that the control record of ${isoSeconds(record.refreshedAtEpochMs ?? 0)} names.`,
      mayHaveLanded: false,
    };
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
    record: { ...record, version: written.version, lookedAtEpochMs: ports.clock.nowEpochMs() },
    latest: healed,
    change: 'healed',
  };
  return { ok: true, value };
};

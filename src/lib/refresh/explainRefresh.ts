import { humanDuration } from '../kernel/humanDuration.ts';
import { isoDate, isoSeconds } from '../kernel/instant.ts';
import { canLoseToken, effectiveRotation } from '../oauth/rules/rotation.ts';
import type { RefreshPorts } from './ports/refreshPorts.ts';
import { digestOf, fingerprintOf } from './protocol/fingerprint.ts';
import { ourNamesOf, strangerOn, strangerOutcome } from './protocol/owner.ts';
import type { ConfiguredGrant } from './refreshDueGrants.ts';
import { NO_FAILURES } from './rules/controlRecord.ts';
import { type ControlReading, readControlRecord } from './rules/controlRecordText.ts';
import { isConsentAhead } from './rules/deadline.ts';
import { believedIntent, decideAmbiguous } from './rules/intentDeadline.ts';
import { believedProfile, currentObservation, rotationFault } from './rules/observedRotation.ts';
import { coolDownEnd } from './rules/refreshFailure.ts';
import { decideSchedule } from './rules/refreshSchedule.ts';
import { refreshTimings } from './rules/refreshTimings.ts';
import { readStoredToken } from './rules/storedToken.ts';
import { viewVault } from './rules/vaultView.ts';

/** What would be done with a grant, and why: for `--dry-run`. */
export interface RefreshExplanation {
  readonly grantId: string;
  readonly would: 'refresh' | 'recover' | 'wait' | 'leave' | 'unknown';
  /** One sentence for people. */
  readonly reason: string;
  /** What is known besides, and what would be done in order; each one sentence. */
  readonly notes: readonly string[];
}

type LatestReading = Awaited<ReturnType<RefreshPorts['vault']['readLatest']>>;
type Ports = Pick<RefreshPorts, 'control' | 'vault' | 'deployment'>;

/** Looks at record and vault without a lease, writes nothing, sends nothing. */
export const explainRefresh = async (
  ports: Ports,
  { grant, profile }: ConfiguredGrant,
): Promise<RefreshExplanation> => {
  const unknown = (reason: string, notes: readonly string[] = []): RefreshExplanation => ({
    grantId: grant.id,
    would: 'unknown',
    reason,
    notes,
  });
  if (grant.mode === 'observed') {
    return explainObserved(grant.id);
  }
  const read = await ports.control.read(grant.id);
  if (!read.ok) return unknown(read.message, [read.action]);
  const { body, storeNowEpochMs } = read.snapshot;
  const reading = readControlRecord(body, grant.id, digestOf);
  const deadlineEpochMs = reading.kind === 'record' ? reading.record.deadlineEpochMs : undefined;
  const latest = await ports.vault.readLatest(grant.secret);
  const record = reading.kind === 'record' ? reading.record : undefined;
  const observed = currentObservation(profile.rotation, record?.observedRotation);
  const ourNames = ourNamesOf({ deployment: record?.deployment }, ports.deployment);
  const stranger = latest.ok ? strangerOn(latest.latest, record, ourNames) : undefined;
  const notes = [
    ...deadlineNotes(deadlineEpochMs, storeNowEpochMs),
    ...consentNotes(grant, storeNowEpochMs),
    ...vaultNotes(latest, reading),
    ...(observed === undefined ? [] : [`Fault: ${rotationFault(profile, observed).text}.`]),
  ];
  if (stranger !== undefined) {
    const { message: reason, action } = strangerOutcome({ grant }, stranger);
    return { grantId: grant.id, would: 'leave', reason, notes: [...notes, action] };
  }
  const { phase, failures = NO_FAILURES } = record ?? {};
  if (phase?.state === 'intent' && phase.refusal === undefined) {
    const intent = believedIntent(phase, refreshTimings(profile.rotation), storeNowEpochMs);
    const decision = decideAmbiguous(intent, storeNowEpochMs, coolDownEnd(failures, storeNowEpochMs));
    const reason =
      decision.kind === 'wait'
        ? `the end of an earlier attempt is unknown; it is waited out until ${isoSeconds(decision.untilEpochMs)}`
        : 'the end of an earlier attempt is unknown, and the old token may be tried once more';
    return {
      grantId: grant.id,
      would: decision.kind === 'wait' ? 'wait' : 'refresh',
      reason,
      notes,
    };
  }
  const schedule = decideSchedule(grant.id, reading, storeNowEpochMs);
  const { reason } = schedule;
  if (phase?.state === 'sealed') return { grantId: grant.id, would: 'recover', reason, notes };
  const isRefresh = schedule.kind === 'send' && schedule.trigger === 'due';
  const would = isRefresh ? 'refresh' : 'leave';
  return {
    grantId: grant.id,
    would,
    reason,
    notes: isRefresh ? [...notes, ...steps(believedProfile(profile, observed))] : notes,
  };
};

/** Of a grant that another system refreshes. */
export const explainObserved = (grantId: string): RefreshExplanation => ({
  grantId,
  would: 'leave',
  reason: 'another system refreshes it; Keywatch only watches its age',
  notes: [],
});

const deadlineNotes = (deadlineEpochMs: number | undefined, nowEpochMs: number): string[] => {
  if (deadlineEpochMs === undefined) return ['No date is known at which it dies.'];
  const leftMs = deadlineEpochMs - nowEpochMs;
  const when = leftMs >= 0 ? `in ${humanDuration(leftMs)}` : `${humanDuration(leftMs)} ago`;
  return [`Deadline ${when} (${isoSeconds(deadlineEpochMs)}).`];
};

const consentNotes = ({ consentedAtEpochMs }: ConfiguredGrant['grant'], nowEpochMs: number): string[] =>
  consentedAtEpochMs !== undefined && isConsentAhead(consentedAtEpochMs, nowEpochMs)
    ? [
        `Its consentedAt (${isoDate(consentedAtEpochMs)}) lies ahead and is not believed: correct it in the config.`,
      ]
    : [];

const vaultNotes = (read: LatestReading, reading: ControlReading): string[] => {
  if (!read.ok) return [`The vault: ${read.message} ${read.action}`];
  const token = readStoredToken(read.latest.value);
  if (!token.ok) return [`The vault: ${token.message} ${token.action}`];
  if (reading.kind !== 'record' || reading.record.fingerprint === undefined) return [];
  const { record } = reading;
  const view = viewVault(record, {
    ...read.latest,
    fingerprint: fingerprintOf(record.salt, token.refreshToken),
  });
  const words = {
    expected: [],
    ahead: ['The vault has a newer token of ours than the record knows; it is taken up.'],
    behind: ['An older token of ours lies on top in the vault; the newest one is put there again.'],
    foreign: ['Somebody wrote another token into the vault; it is taken up and refreshed.'],
  };
  return words[view.kind];
};

const steps = ({ rotation }: ConfiguredGrant['profile']): string[] => {
  const kind = effectiveRotation(rotation).kind;
  const careful = canLoseToken(rotation)
    ? ['Would write the current token again, to prove that the secret can be written.']
    : [];
  const watched =
    kind === 'grace' ? ['Would send a watchdog message that arrives inside the grace window.'] : [];
  return [
    ...careful,
    ...watched,
    'Would record the intent, send one refresh, and keep what comes back in leased and vault.',
  ];
};

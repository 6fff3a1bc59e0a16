import { humanDuration } from '../kernel/humanDuration.ts';
import { isoDate, isoSeconds } from '../kernel/instant.ts';
import type { ConfiguredGrant } from '../oauth/rules/grant.ts';
import { canLoseToken, effectiveRotation } from '../oauth/rules/rotation.ts';
import { digestOf } from '../stores/digestOf.ts';
import { seenPlace } from './place/seenPlace.ts';
import type { RefreshPorts } from './ports.ts';
import type { GrantView } from './protocol/attempt.ts';
import type { Action, GrantWork } from './protocol/steps/step.ts';
import { foreseeWork } from './protocol/workOnGrant.ts';
import { decideAccessToken } from './rules/accessToken.ts';
import { readControlRecord } from './rules/controlRecordText.ts';
import { isConsentAhead } from './rules/deadline.ts';
import { rotationDeviation } from './rules/observedRotation.ts';
import { refreshTimings } from './rules/refreshTimings.ts';

/** What would be done with a grant, and why: for `--dry-run`. */
export interface RefreshExplanation {
  readonly grantId: string;
  readonly would: Action['would'];
  /** One sentence for people. */
  readonly reason: string;
  /** What is known besides, and what would be done in order; each one sentence. */
  readonly notes: readonly string[];
}

type Ports = Pick<
  RefreshPorts,
  'control' | 'vault' | 'fallback' | 'seal' | 'sealed' | 'clientCredentials' | 'deployment' | 'newId'
>;

/** Goes through the steps of a worker up to the first that changes anything. Takes no lease, writes and sends nothing. */
export const explainRefresh = async (
  ports: Ports,
  { grant, profile }: ConfiguredGrant,
): Promise<RefreshExplanation> => {
  const grantId = grant.id;
  if (grant.mode === 'observed') return explainObserved(grantId);
  const read = await ports.control.read(grantId);
  if (!read.ok) return { grantId, would: 'unknown', reason: read.message, notes: [read.action] };
  const { body, storeNowEpochMs } = read.snapshot;
  const reading = readControlRecord(body, grantId, digestOf);
  const leased = { reading: () => reading, storeNowEpochMs: () => storeNowEpochMs };
  const timings = refreshTimings(profile.rotation);
  const asked = { grant, profile, timings, trigger: 'due', leased } as const;
  const seen = await seenPlace({ ...asked, ports });
  if (!seen.ok) return { grantId, would: 'unknown', reason: seen.message, notes: [seen.action] };
  const view: GrantView = { ...asked, ports: { ...ports, vault: seen.vault } };
  const { work, action } = await foreseeWork(view);
  const { would, reason, advice } = action;
  const observed = work.record.observedRotation;
  const notes = [
    ...seen.notes,
    ...deadlineNotes(work.found.deadlineEpochMs, storeNowEpochMs),
    ...consentNotes(grant, storeNowEpochMs),
    ...accessTokenNotes(grant, work.record, storeNowEpochMs),
    ...changeNotes(work),
    ...(observed === undefined ? [] : [`Deviation: ${rotationDeviation(profile, observed).text}.`]),
    ...(advice === undefined ? [] : [advice]),
    ...(would === 'refresh' ? sendingNotes(work.view.profile) : []),
  ];
  return { grantId, would, reason, notes };
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

/** What a consumer would bring about at this moment: it asks sooner than the timer. */
const accessTokenNotes = (
  { accessTokens }: ConfiguredGrant['grant'],
  record: GrantWork['record'],
  nowEpochMs: number,
): string[] => {
  if (accessTokens === undefined) return [];
  const { kind, reason } = decideAccessToken(record, {}, nowEpochMs);
  return [
    `A consumer of its access tokens would ${kind === 'refresh' ? 'have it refreshed' : 'have nothing sent'}: ${reason}.`,
  ];
};

const changeNotes = ({ change, found }: GrantWork): string[] => {
  if (change === 'caught_up')
    return ['The vault has a newer token of ours than the record knows; it is taken up.'];
  return change === 'adopted' && found.fingerprint !== undefined
    ? ['Somebody wrote another token into the vault; it is taken up and refreshed.']
    : [];
};

const sendingNotes = ({ rotation }: ConfiguredGrant['profile']): string[] => {
  const kind = effectiveRotation(rotation).kind;
  const careful = canLoseToken(rotation)
    ? ['Would write the current token again, to prove that the secret can be written.']
    : [];
  const watched =
    kind === 'grace' ? ['Would send a watchdog message that arrives inside the grace window.'] : [];
  return [
    ...careful,
    ...watched,
    'Would record the intent, send one refresh, and keep what comes back in the control record and the vault.',
  ];
};

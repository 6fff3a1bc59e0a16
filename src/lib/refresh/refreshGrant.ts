import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { Grant } from '../oauth/rules/grant.ts';
import type { ProviderProfile } from '../oauth/rules/providerProfile.ts';
import type { RefreshTrigger } from '../oauth/rules/refreshTriggers.ts';
import { effectiveRotation } from '../oauth/rules/rotation.ts';
import { type LeasedRecord, leaseRecord } from '../stores/leasedRecord.ts';
import { copyToVault } from './place/copyToVault.ts';
import { type SettledPlace, settlePlace } from './place/settlePlace.ts';
import type { RefreshPorts } from './ports.ts';
import { type Attempt, withFailure } from './protocol/attempt.ts';
import { reportDeviations } from './protocol/reportDeviations.ts';
import { reportOutcome } from './protocol/reportOutcome.ts';
import { INTERRUPTED } from './protocol/resolveIntent.ts';
import { workOnGrant } from './protocol/workOnGrant.ts';
import { failedBeforeSending, type RefreshOutcome } from './refreshOutcome.ts';
import type { AccessTokenWish } from './rules/accessToken.ts';
import type { ControlRecord } from './rules/controlRecord.ts';
import { CONTROL_RECORD } from './rules/controlRecordText.ts';
import { decideAmbiguous } from './rules/intentDeadline.ts';
import { type RefreshTimings, refreshTimings } from './rules/refreshTimings.ts';

/** Which grant to look at, and why. */
export interface RefreshRequest {
  readonly grant: Grant;
  readonly profile: ProviderProfile;
  readonly trigger: RefreshTrigger;
  /** Of whoever asks for an access token; absent: what most do. */
  readonly wish?: AccessTokenWish | undefined;
  /** Aborted: this process is about to end. What was sent comes to its end, nothing is sent from then on. */
  readonly stop?: AbortSignal | undefined;
}

const NEVER = new AbortController().signal;
const RESTARTS = 2;
const REGAIN_EVERY_MS = 2_000;
const WATCHDOG_AGAIN_SECONDS = 5;

/**
 * Looks at one grant and, if it is due, refreshes it so that a rotated token cannot be lost while one of
 * two stores accepts a write. Safe to call at any time, any number of times, from any number of hosts:
 * it decides again under the grant's lease. Never rejects for anything that a store or the
 * authorization server may answer. See docs/refresh-protocol.md.
 *
 * It must run to its end: whoever shuts the process down waits for the returned promise.
 */
export const refreshGrant = async (ports: RefreshPorts, request: RefreshRequest): Promise<RefreshOutcome> => {
  const { grant, profile, trigger, wish, stop = NEVER } = request;
  if (stop.aborted) {
    await watchAgain(ports, request, { kind: 'stopped' });
    return { kind: 'stopped' };
  }
  const timings = refreshTimings(profile.rotation);
  const startMs = ports.clock.monotonicMs();
  const opened = await leaseRecord(ports, grant.id, timings, CONTROL_RECORD);
  if (!opened.ok) {
    const outcome = unopened(opened);
    reportOutcome(ports, request, outcome, ports.clock.monotonicMs() - startMs, undefined);
    await watchAgain(ports, request, outcome);
    return outcome;
  }
  const { leased } = opened;
  try {
    const { outcome, copied } = await workPatiently({
      ports,
      grant,
      profile,
      timings,
      trigger,
      wish,
      leased,
      stop,
    });
    reportOutcome(ports, request, outcome, ports.clock.monotonicMs() - startMs, leased.reading());
    await reportDeviations(ports, grant, outcome, leased);
    await markReported(leased, outcome);
    await watchAgain(ports, request, outcome, leased);
    if (copied !== undefined) await copyToVault(copied, outcome);
    return outcome;
  } finally {
    await leased.close();
  }
};

const unopened = (failure: StoreFailure): RefreshOutcome =>
  failure.reason === 'held' ? { kind: 'busy' } : failedBeforeSending(failure);

/** Remembers that people were told, after telling them: a crash in between tells them twice, never not at all. */
const markReported = async (leased: LeasedRecord<ControlRecord>, outcome: RefreshOutcome): Promise<void> => {
  if (outcome.kind !== 'ambiguous' && outcome.kind !== 'dead') return;
  const reading = leased.reading();
  if (reading.kind !== 'record') return;
  const { phase } = reading.record;
  if (phase.state !== 'intent' && phase.state !== 'dead') return;
  // That it is dead was reported, and could not be written: nobody was told that its end is unknown.
  if (phase.state === 'intent' && outcome.kind === 'dead') return;
  await leased.write({ ...reading.record, phase: { ...phase, reported: true } });
};

interface Worked extends Pick<SettledPlace, 'copied'> {
  readonly outcome: RefreshOutcome;
}

/** Starts again when this process stood still past its lease: what it had read may be out of date. */
const workPatiently = async (attempt: Attempt): Promise<Worked> => {
  for (let start = 0; start <= RESTARTS; start++) {
    const place = await settlePlace(attempt);
    if (!place.ok) return { outcome: await leaveUnplaced(attempt, place) };
    const { ports, copied } = place.settled;
    const work = await workOnGrant({ ...attempt, ports });
    if (work.kind !== 'lease_expired') return { outcome: work, copied };
    // Our last write may have landed on top of a successor's, so this is worth waiting for.
    const regained = await regainPatiently(attempt.ports, attempt.leased, attempt.timings);
    if (!regained.ok) return { outcome: unopened(regained) };
  }
  return { outcome: { kind: 'busy' } };
};

/** Where the newest token is cannot be said, so nothing is spent; a record that cannot be read is left as it is. */
const leaveUnplaced = async (attempt: Attempt, failure: StoreFailure): Promise<RefreshOutcome> => {
  const outcome = failedBeforeSending(failure);
  const reading = attempt.leased.reading();
  if (reading.kind === 'record') {
    const { record } = reading;
    await attempt.leased.write(withFailure(attempt, record, outcome, record.phase));
  }
  return outcome;
};

const regainPatiently = async (
  { clock }: Pick<RefreshPorts, 'clock'>,
  leased: LeasedRecord<ControlRecord>,
  { leaseSeconds }: RefreshTimings,
): Promise<{ ok: true } | StoreFailure> => {
  const startMs = clock.monotonicMs();
  for (;;) {
    const regained = await leased.regain();
    if (regained.ok) return { ok: true };
    const patienceMs = (2 * leaseSeconds + 10) * 1000;
    if (regained.reason !== 'held' || clock.monotonicMs() - startMs >= patienceMs) return regained;
    await clock.sleep(REGAIN_EVERY_MS);
  }
};

/** A watchdog that came too early must come again while the provider's window is open. */
const watchAgain = async (
  { watchdog }: Pick<RefreshPorts, 'watchdog'>,
  { grant, profile, trigger }: RefreshRequest,
  outcome: RefreshOutcome,
  leased?: LeasedRecord<ControlRecord>,
): Promise<void> => {
  if (trigger !== 'watchdog' || effectiveRotation(profile.rotation).kind !== 'grace') return;
  if (outcome.kind === 'busy' || outcome.kind === 'stopped')
    await watchdog.arm(grant.id, WATCHDOG_AGAIN_SECONDS);
  const isEarly =
    outcome.kind === 'waiting' || (outcome.kind === 'ambiguous' && outcome.code === INTERRUPTED);
  const waitMs = isEarly && leased !== undefined ? waitMsOf(leased) : undefined;
  if (waitMs !== undefined && waitMs < 120_000)
    await watchdog.arm(grant.id, Math.max(1, Math.ceil(waitMs / 1000)));
};

/** How long the attempt on record is still waited out, by the control store's clock: ours may be an hour off. */
const waitMsOf = (leased: LeasedRecord<ControlRecord>): number | undefined => {
  const reading = leased.reading();
  if (reading.kind !== 'record' || reading.record.phase.state !== 'intent') return undefined;
  const nowEpochMs = leased.storeNowEpochMs();
  const decision = decideAmbiguous(reading.record.phase, nowEpochMs);
  return decision.kind === 'wait' ? decision.untilEpochMs - nowEpochMs : 0;
};

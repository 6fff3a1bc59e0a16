import { randomUUID } from 'node:crypto';
import { eachOf } from '../kernel/eachOf.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import { DAY_MS } from '../kernel/time.ts';
import { type ConfiguredGrant, type Grant, grantSubject } from '../oauth/rules/grant.ts';
import { type ProviderProfile, refreshUrlOf } from '../oauth/rules/providerProfile.ts';
import { digestOf } from '../stores/digestOf.ts';
import { turnOf } from '../telemetry/turnOf.ts';
import type { RefreshDispatch, RefreshPorts } from './ports.ts';
import { reportGrantState } from './protocol/reportGrantState.ts';
import { reportSharedConsents } from './reportSharedConsents.ts';
import { readControlRecord } from './rules/controlRecordText.ts';
import { isFirstRunOf } from './rules/grantState.ts';
import { type RateSlot, rateSlots } from './rules/rateSlots.ts';
import type { RefreshMessage } from './rules/refreshMessage.ts';
import { decideSchedule, type ScheduleDecision } from './rules/refreshSchedule.ts';

export interface DueGrantsRequest {
  readonly grants: readonly ConfiguredGrant[];
  /** Time until the next run: what a rate limit pushes beyond it is left for that one. */
  readonly periodSeconds: number;
}

/** What one run came to. */
export interface DueGrantsSummary {
  readonly looked: number;
  readonly sent: readonly RefreshMessage[];
  readonly left: number;
  /** Grants whose record could not be read or whose message could not be sent. */
  readonly failed: number;
}

/** Grants looked at side by side: the time goes into waiting for the store. */
const CONCURRENCY = 32;

type Ports = Pick<RefreshPorts, 'control' | 'clock' | 'telemetry'> & { readonly dispatch: RefreshDispatch };

/**
 * Decides which grants need a worker and sends one message each, spread so that no token endpoint sees
 * more than its configured rate. It spends nothing and takes no lease: two hosts may run it at once, and
 * a message too many finds nothing to do. Attempts that a crash left behind are sent first.
 */
export const refreshDueGrants = async (
  ports: Ports,
  { grants, periodSeconds }: DueGrantsRequest,
): Promise<DueGrantsSummary> => {
  const fromEpochMs = ports.clock.nowEpochMs();
  const decided: { index: number; configured: ConfiguredGrant; decision: ScheduleDecision }[] = [];
  const known: (ConfiguredGrant & { readonly account: string })[] = [];
  let failed = 0;
  const refreshed = grants.filter(({ grant }) => grant.mode === 'refreshed');
  const eachGrant = <T extends { readonly configured: ConfiguredGrant }>(
    items: readonly T[],
    run: (item: T, index: number) => Promise<void>,
  ): Promise<void> =>
    eachOf(items, CONCURRENCY, async (item, index) => {
      const { grant } = item.configured;
      const message = `Grant ${grant.id}: its turn in the run of the refresh timer failed.`;
      if (!(await turnOf(ports.telemetry, message, () => run(item, index), grantSubject(grant)))) failed++;
    });
  const asked = refreshed.map((configured) => ({ configured }));
  await eachGrant(asked, async ({ configured }, index) => {
    const { grant } = configured;
    const read = await ports.control.read(grant.id);
    if (!read.ok) {
      failed++;
      reportFailure(ports, grant, read);
      return;
    }
    const reading = readControlRecord(read.snapshot.body, grant.id, digestOf);
    reportGrantState(ports, configured, reading, periodSeconds);
    const account = reading.kind === 'record' ? reading.record.account : undefined;
    if (account !== undefined) known.push({ ...configured, account });
    const decision = decideSchedule(grant.id, reading, read.snapshot.storeNowEpochMs);
    decided.push({ index, configured, decision });
  });

  if (isFirstRunOf(DAY_MS, fromEpochMs, periodSeconds))
    reportSharedConsents(ports.telemetry, known, randomUUID());

  const sent: RefreshMessage[] = [];
  const slotOf = slotsOfRun(refreshed, fromEpochMs, periodSeconds);
  // In the order of the configuration, so that two hosts with the same run ask for the same grants.
  const ordered = decided.sort(
    (a, b) => Number(isUrgent(b.decision)) - Number(isUrgent(a.decision)) || a.index - b.index,
  );
  // One after the other, ten thousand messages would take longer to send than to work off.
  await eachGrant(ordered, async ({ configured, decision }) => {
    if (decision.kind !== 'send') return;
    const { grant, profile } = configured;
    const message = { grantId: grant.id, trigger: decision.trigger, reason: decision.reason };
    let handed: { readonly ok: true } | StoreFailure;
    const slot = decision.urgent ? 'any' : slotOf(profile);
    if (slot === 'none_left') return;
    if (slot === 'any') {
      handed = await ports.dispatch.send(message, 0);
    } else {
      const nowEpochMs = ports.clock.nowEpochMs();
      // Reading the records of very many grants may take longer than a slot is open: the grant stays due.
      if (nowEpochMs >= slot.closesAtEpochMs) return;
      const delaySeconds = Math.max(0, Math.ceil((slot.opensAtEpochMs - nowEpochMs) / 1000));
      const lapsesAfterSeconds = Math.ceil((slot.closesAtEpochMs - nowEpochMs) / 1000);
      handed = await ports.dispatch.send(message, delaySeconds, lapsesAfterSeconds);
    }
    if (handed.ok) {
      sent.push(message);
      return;
    }
    failed++;
    reportFailure(ports, grant, handed);
  });
  return { looked: refreshed.length, sent, left: refreshed.length - sent.length - failed, failed };
};

const isUrgent = (decision: ScheduleDecision): boolean => decision.kind === 'send' && decision.urgent;

const reportFailure = ({ telemetry }: Ports, grant: Grant, failure: StoreFailure): void =>
  telemetry.failure({ ...failure, subject: grantSubject(grant) });

/**
 * Gives each message of one endpoint its own moment, at the lowest rate that any of its providers asks for.
 * `any`: nobody limits it; `none_left`: this run has no moment left.
 */
const slotsOfRun = (
  grants: readonly ConfiguredGrant[],
  fromEpochMs: number,
  periodSeconds: number,
): ((profile: ProviderProfile) => RateSlot | 'any' | 'none_left') => {
  const untilEpochMs = fromEpochMs + periodSeconds * 1000;
  const rates = new Map<string, number>();
  for (const { profile } of grants) {
    const { maxRefreshPer10Minutes } = profile;
    if (maxRefreshPer10Minutes === undefined) continue;
    const endpoint = refreshUrlOf(profile);
    rates.set(endpoint, Math.min(rates.get(endpoint) ?? maxRefreshPer10Minutes, maxRefreshPer10Minutes));
  }
  const byEndpoint = new Map<string, Iterator<RateSlot>>();
  return (profile) => {
    const endpoint = refreshUrlOf(profile);
    const maxPer10Minutes = rates.get(endpoint);
    if (maxPer10Minutes === undefined) return 'any';
    const slots = byEndpoint.get(endpoint) ?? rateSlots({ maxPer10Minutes, fromEpochMs, untilEpochMs });
    byEndpoint.set(endpoint, slots);
    const next = slots.next();
    return next.done === true ? 'none_left' : next.value;
  };
};

import { readControlRecord } from '../domain/controlRecordText.ts';
import { type Grant, grantCredentialId } from '../domain/grant.ts';
import { type ProviderProfile, refreshUrlOf } from '../domain/providerProfile.ts';
import { decideSchedule, type ScheduleDecision } from '../domain/refreshSchedule.ts';
import type { RefreshDispatch, RefreshMessage } from '../ports/refreshDispatch.ts';
import { digestOf } from './refresh/fingerprint.ts';
import type { RefreshPorts } from './refresh/refreshPorts.ts';
import { storeProblem } from './refresh/storeProblem.ts';
import { tellStanding } from './refresh/tellStanding.ts';

export interface ConfiguredGrant {
  readonly grant: Grant;
  readonly profile: ProviderProfile;
}

export interface DueGrantsRequest {
  readonly grants: readonly ConfiguredGrant[];
  /** Time until the next round: what a rate limit pushes beyond it is left for that one. */
  readonly periodSeconds: number;
  readonly concurrency?: number | undefined;
}

/** What one round came to. */
export interface DueGrantsSummary {
  readonly looked: number;
  readonly sent: readonly RefreshMessage[];
  readonly left: number;
  /** Grants whose record could not be read or whose message could not be sent. */
  readonly failed: number;
}

type Ports = Pick<RefreshPorts, 'control' | 'clock' | 'telemetry'> & { readonly dispatch: RefreshDispatch };

/**
 * Decides which grants need a worker and sends one message each, spread so that no token endpoint sees
 * more than its configured rate. It spends nothing and takes no lease: two hosts may run it at once, and
 * a message too many finds nothing to do. Attempts that a crash left behind are sent first.
 */
export const refreshDueGrants = async (
  ports: Ports,
  { grants, periodSeconds, concurrency = 16 }: DueGrantsRequest,
): Promise<DueGrantsSummary> => {
  const decided: { configured: ConfiguredGrant; decision: ScheduleDecision }[] = [];
  let failed = 0;
  const refreshed = grants.filter(({ grant }) => grant.mode === 'refreshed');
  await eachOf(refreshed, concurrency, async (configured) => {
    const { grant, profile } = configured;
    const read = await ports.control.read(grant.id);
    if (!read.ok) {
      failed++;
      const { code, permanence, detail, action } = storeProblem(grant, read);
      const credentialId = grantCredentialId(grant.id);
      const { owner, runbook } = grant;
      ports.telemetry.exception({ code, permanence, message: detail, action, credentialId, owner, runbook });
      return;
    }
    const reading = readControlRecord(read.snapshot.body, grant.id, digestOf);
    tellStanding(ports, configured, reading, periodSeconds);
    const decision = decideSchedule(grant.id, profile, reading, ports.clock.nowEpochMs());
    decided.push({ configured, decision });
  });

  const sent: RefreshMessage[] = [];
  const slots = rateSlots(periodSeconds);
  const ordered = decided.sort((a, b) => Number(isUrgent(b.decision)) - Number(isUrgent(a.decision)));
  for (const { configured, decision } of ordered) {
    if (decision.kind !== 'send') continue;
    const delaySeconds = decision.urgent ? 0 : slots(configured.profile);
    if (delaySeconds === undefined) continue;
    const message = { grantId: configured.grant.id, trigger: decision.trigger, reason: decision.reason };
    const handed = await ports.dispatch.send(message, delaySeconds);
    if (handed.ok) sent.push(message);
    else failed++;
  }
  return { looked: refreshed.length, sent, left: refreshed.length - sent.length - failed, failed };
};

const isUrgent = (decision: ScheduleDecision): boolean => decision.kind === 'send' && decision.urgent;

/** Gives each message of one endpoint its own moment; absent when this round has none left. */
const rateSlots = (periodSeconds: number) => {
  const taken = new Map<string, number>();
  return (profile: ProviderProfile): number | undefined => {
    const { maxRefreshPer10Minutes } = profile;
    if (maxRefreshPer10Minutes === undefined) return 0;
    const endpoint = refreshUrlOf(profile);
    const before = taken.get(endpoint) ?? 0;
    const delaySeconds = Math.floor((before * 600) / maxRefreshPer10Minutes);
    if (delaySeconds >= periodSeconds) return undefined;
    taken.set(endpoint, before + 1);
    return delaySeconds;
  };
};

const eachOf = async <T>(items: readonly T[], concurrency: number, run: (item: T) => Promise<void>) => {
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
};

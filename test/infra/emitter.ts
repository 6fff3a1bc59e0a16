import { SpanKind, trace } from '@opentelemetry/api';
import { PROOF_OUTCOMES, type ProofOutcome } from '../../src/lib/credentials/proofOutcomes.ts';
import type { RotationOutcome } from '../../src/lib/credentials/rotationOutcomes.ts';
import { STATUSES_WORST_FIRST } from '../../src/lib/credentials/statuses.ts';
import { permanentFailure } from '../../src/lib/kernel/failure.ts';
import type { EventAttributes, MetricName } from '../../src/lib/telemetry/catalog.ts';
import type { Envelope } from '../../src/local/telemetry/envelope.ts';
import { startCapturedTelemetry } from '../fakes/captureTelemetry.ts';
import { NOW } from './scenario.ts';
import { reportSeen, type Seen } from './seen.ts';
import { type TokenEmitter, tokenEmitter } from './tokenEmitter.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

type Refreshed = EventAttributes<'keywatch.grant.refreshed'>;
type Proved = EventAttributes<'keywatch.credential.proved'>;

interface Scanned extends Partial<EventAttributes<'keywatch.run.completed'>> {
  readonly sees?: readonly Seen[];
  /** The scan began that much earlier, and saw what it sees then. */
  readonly tookMinutes?: number;
}

interface Answers {
  readonly ok?: number;
  readonly refused?: number;
}

/**
 * What a scenario may let happen; every time is minutes before now. All of it goes through the real
 * telemetry adapter and the real Application Insights SDK.
 */
export interface Emitter extends TokenEmitter {
  scan(vault: string, minutesAgo: number, scanned?: Scanned): void;
  /** One object is inspected, after an Event Grid event. */
  inspect(vault: string, minutesAgo: number, seen: Seen): void;
  /** A timer run of another job. */
  run(
    job: 'token-refresh' | 'credential-proof' | 'secret-rotation' | 'vault-discovery',
    minutesAgo: number,
    more?: Partial<EventAttributes<'keywatch.run.completed'>>,
  ): void;
  /** The scan timer asked for the scan of a vault. */
  asked(vault: string, minutesAgo: number): void;
  /** The poison queues could not be asked. */
  uncounted(minutesAgo: number): void;
  /** The subscriptions could not be asked for their vaults. */
  discoveryFailed(minutesAgo: number, reason: string, permanence: 'permanent' | 'transient'): void;
  refreshed(id: string, minutesAgo: number, outcome: Refreshed['outcome'], more?: Partial<Refreshed>): void;
  state(
    id: string,
    minutesAgo: number,
    more?: Partial<EventAttributes<'keywatch.grant.observed'>> & { deadlineDays?: number },
  ): void;
  /** A client (or a grant, after its refresh) was used as its consumer would. */
  proved(id: string, minutesAgo: number, outcome: ProofOutcome, more?: Partial<Proved>): void;
  /** A turn at the rotation of the secret of an application ended. */
  rotated(id: string, minutesAgo: number, outcome: RotationOutcome, more?: object): void;
  /** What the daily check of an observed grant finds. */
  findingOfGrant(
    id: string,
    minutesAgo: number,
    finding: EventAttributes<'keywatch.finding.observed'>['finding'],
  ): void;
  /** What the daily check of the config finds of a rule that does nothing. */
  idleRule(index: number, minutesAgo: number): void;
  calls(host: string, minutesAgo: number, answers: Answers): void;
  requests(operation: string, minutesAgo: number, answers: Answers): void;
  metric(
    name: 'keywatch.queue.poison' | 'keywatch.telemetry.undelivered',
    minutesAgo: number,
    value: number,
    httpStatus?: number,
  ): void;
}

const counts = Object.fromEntries(STATUSES_WORST_FIRST.map((status) => [status, 0]));

/** An emitter over the real SDK, and what it emitted since the last `take`, with metrics at the time that was said. */
export const startEmitting = (): {
  emit: Emitter;
  take: () => Promise<Envelope[]>;
  close: () => Promise<unknown>;
} => {
  let at = NOW;
  const clock = { nowEpochMs: () => at, monotonicMs: () => 0, sleep: () => Promise.resolve() };
  const captured = startCapturedTelemetry({ clock });
  const { telemetry } = captured;
  let metricAt = NOW;
  let scans = 0;
  const go = (minutesAgo: number) => {
    at = NOW - minutesAgo * MINUTE;
  };

  const completed = (more: Partial<EventAttributes<'keywatch.run.completed'>>) =>
    telemetry.event('keywatch.run.completed', {
      ...{ job: 'keyvault-scan', runId: 'none', mode: 'attention', outcome: 'complete' },
      ...{ objects: 20, pages: 1, durationMs: 800, ...counts, findings: 0 },
      ...{ snoozed: 0, renewing: 0, ignored: 0, managed: 0 },
      ...more,
    });

  const grant = (id: string) => ({
    credentialId: `grant/${id}`,
    provider: 'salesforce',
    tokenEndpointHost: 'login.example.com',
    owner: 'team-crm',
    reconnectUrl: `https://keywatch.example.com/api/grants/${id}/reconnect`,
  });

  const emit: Emitter = {
    ...tokenEmitter(telemetry, go),
    scan(vault, minutesAgo, { sees = [], tookMinutes = 0, mode = 'attention', ...more } = {}) {
      scans += 1;
      const { runId = `scan-${scans}` } = more;
      go(minutesAgo + tookMinutes);
      for (const seen of sees)
        reportSeen({ telemetry, nowEpochMs: NOW }, vault, seen, {
          runId,
          mode: mode === 'timer' ? 'attention' : mode,
        });
      go(minutesAgo);
      completed({ vault, mode, durationMs: tookMinutes * MINUTE, ...more, runId });
    },
    inspect(vault, minutesAgo, seen) {
      go(minutesAgo);
      reportSeen({ telemetry, nowEpochMs: NOW }, vault, seen, { runId: 'reconcile', mode: 'object' });
    },
    run(job, minutesAgo, more = {}) {
      go(minutesAgo);
      completed({ job, runId: `run-${minutesAgo}`, mode: 'timer', ...more });
    },
    asked(vault, minutesAgo) {
      go(minutesAgo);
      const runId = `asked-${minutesAgo}`;
      telemetry.event('keywatch.run.requested', { job: 'keyvault-scan', vault, runId, mode: 'attention' });
    },
    uncounted(minutesAgo) {
      go(minutesAgo);
      const words = { message: 'The queues could not be counted.', action: 'Look.' };
      telemetry.failure(permanentFailure({ code: 'poison_queue_forbidden', ...words }));
    },
    discoveryFailed(minutesAgo, reason, permanence) {
      go(minutesAgo);
      const words = { message: 'The vaults could not be asked for.', action: 'Look.' };
      const retryable = permanence === 'transient';
      telemetry.failure({ ok: false, code: `discovery_${reason}`, retryable, ...words });
      const runId = `discovery-${minutesAgo}`;
      completed({ job: 'vault-discovery', runId, mode: 'timer', outcome: 'failed', reason });
    },
    refreshed(id, minutesAgo, outcome, more = {}) {
      go(minutesAgo);
      telemetry.event('keywatch.grant.refreshed', { ...grant(id), outcome, durationMs: 300, ...more });
    },
    state(id, minutesAgo, { deadlineDays, ...more } = {}) {
      go(minutesAgo);
      const deadline = deadlineDays === undefined ? undefined : NOW + deadlineDays * DAY;
      telemetry.event('keywatch.grant.observed', { ...grant(id), deadline, ...more });
    },
    proved(id, minutesAgo, outcome, more = {}) {
      go(minutesAgo);
      const { class: kind, whoActs } = PROOF_OUTCOMES[outcome];
      telemetry.event('keywatch.credential.proved', {
        ...{ credentialId: `client/${id}`, owner: 'team-orders', vault: 'kv-a' },
        runId: `proof-${minutesAgo}`,
        ...{ outcome, class: kind, whoActs, durationMs: 300, ...more },
      });
    },
    rotated(id, minutesAgo, outcome, more = {}) {
      go(minutesAgo);
      telemetry.event('keywatch.rotation.advanced', {
        ...{ credentialId: `rotation/${id}`, outcome, owner: `team-${id}`, runId: `rotation-${minutesAgo}` },
        ...{ vault: 'kv-a', name: `${id}-secret`, application: id, ...more },
      });
    },
    findingOfGrant(id, minutesAgo, finding) {
      go(minutesAgo);
      const { credentialId, owner } = grant(id);
      const [vault, detail, runId] = ['kv-a', 'seen by the refresh timer', 'run'];
      telemetry.event('keywatch.finding.observed', { credentialId, owner, vault, finding, detail, runId });
    },
    idleRule(index, minutesAgo) {
      go(minutesAgo);
      telemetry.event('keywatch.finding.observed', {
        credentialId: `config/rules[${index}]`,
        ...{ vault: 'every vault', finding: 'idle_rule', detail: 'matches nothing' },
        ...{ owner: 'Keywatch itself', runId: 'check' },
      });
    },
    calls(host, minutesAgo, { ok = 0, refused = 0 }) {
      go(minutesAgo);
      const call = { method: 'GET', url: `https://${host}/v1/things`, credentialId: 'none' } as const;
      const statuses = [...Array<number>(ok).fill(200), ...Array<number>(refused).fill(401)];
      // Each call reads the clock when it starts, before this returns.
      for (const status of statuses) void telemetry.httpCall(call, () => Promise.resolve(status), Number);
    },
    requests(operation, minutesAgo, { ok = 0, refused = 0 }) {
      go(minutesAgo);
      const tracer = trace.getTracer('a watched application');
      const statuses = [...Array<number>(ok).fill(200), ...Array<number>(refused).fill(401)];
      for (const status of statuses) {
        const attributes = {
          'http.request.method': 'GET',
          'http.route': operation,
          'http.response.status_code': status,
        };
        const url = { 'url.scheme': 'https', 'server.address': 'app.example.com', 'url.path': operation };
        tracer
          .startSpan(`GET ${operation}`, {
            kind: SpanKind.SERVER,
            startTime: at,
            attributes: { ...attributes, ...url },
          })
          .end(at + 20);
      }
    },
    metric(name: MetricName, minutesAgo, value, httpStatus = 403) {
      metricAt = NOW - minutesAgo * MINUTE;
      if (name === 'keywatch.queue.poison') {
        telemetry.metric(name, value, { queue: 'keywatch-scan-poison' });
        telemetry.metric(name, 0, { queue: 'keywatch-refresh-poison' });
      } else telemetry.metric('keywatch.telemetry.undelivered', value, { httpStatus });
    },
  };

  return {
    emit,
    async take() {
      await Promise.resolve();
      const envelopes = await captured.take();
      // The SDK stamps a metric when it is exported, which is today.
      for (const envelope of envelopes)
        if (envelope.data.baseType === 'MetricData') envelope.time = new Date(metricAt).toISOString();
      return envelopes;
    },
    close: () => telemetry.close(5000),
  };
};

import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Clock } from '../../kernel/clock.ts';
import { wholeTurn } from '../../kernel/wholeTurn.ts';
import { within } from '../../kernel/within.ts';
import { catalog } from '../catalog.ts';
import { currentOperation } from '../operation.ts';
import type { Redactor } from '../redact.ts';
import type { FlushOutcome, HttpCall, Telemetry } from '../telemetry.ts';
import { cutToBytes, SPAN_NAME_BYTES, withinLimits } from '../textLimits.ts';
import { type LogItem, type Sdk, type SpanItem, startSdk } from './applicationInsightsSdk.ts';
import { failureAttributes } from './failureRecord.ts';
import { httpCallAttributes } from './httpCallAttributes.ts';
import { createPacedQueue } from './pacedQueue.ts';
import { createDelivery } from './telemetryDelivery.ts';
import { watchSignIn } from './watchSignIn.ts';
import { wireAttributes } from './wireAttributes.ts';

/** OpenTelemetry's severity numbers. */
const SEVERITY = { information: 9, warning: 13, error: 17 } as const;

/** The SDK's batch processors hold 2,048 items. */
const MOST_UNFLUSHED = 1_536;
/**
 * While ingestion refuses or hangs it is still sent to, at every flush, but nobody waits for that: an
 * invocation flushes twice, and what it would wait for is lost anyway. The first batch that arrives ends it.
 */
const FAILING_WAIT_MS = 20;
/** About 1 kB each. */
const MOST_WAITING = 50_000;

export interface ApplicationInsightsOptions {
  readonly connectionString: string;
  /** Id of the deployment, on everything that is sent. */
  readonly deployment: string;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Signs in to ingestion with an Entra identity; absent: the key in the connection string alone. */
  readonly credential?: TokenCredential;
  /** Replaces the network: for the local capture and for tests. */
  readonly httpClient?: HttpClient;
  /** `AppRoleName` outside Azure; `keywatch` when absent. */
  readonly roleName?: string;
  /** Reported in one sentence when the SDK cannot start; nothing is sent from then on. */
  readonly notice: (sentence: string) => void;
}

export interface ApplicationInsightsTelemetry extends Telemetry {
  /**
   * Flushes, then ends the SDK and whatever it still sends, so that the process can exit. Takes at most
   * twice `timeoutMs`, never rejects.
   */
  close(timeoutMs: number): Promise<FlushOutcome>;
}

type Item = LogItem | SpanItem;

/** The SDK cuts what is too long, and half a secret would no longer be recognized: redacted first, cut here. */
const bounded = (item: Item, redactor: Redactor): Item => {
  const attributes = withinLimits(redactor.redactLong(item.attributes));
  if (item.kind === 'log') return { ...item, attributes };
  return { ...item, attributes, name: cutToBytes(redactor.redact(item.name), SPAN_NAME_BYTES) };
};

/** {@link Telemetry} into Application Insights. The SDK is loaded on the first fact. */
export const applicationInsights = (options: ApplicationInsightsOptions): ApplicationInsightsTelemetry => {
  const { clock, redactor, notice, deployment } = options;
  let sdk: Sdk | undefined;
  let starting: Promise<void> | undefined;
  let early: ((started: Sdk) => void)[] = [];
  let broken = false;

  const delivery = createDelivery(redactor, clock, (httpStatus, batches) =>
    sdk?.recordMetric('keywatch.telemetry.undelivered', batches, { httpStatus }),
  );
  const drop = () => delivery.addUndelivered(0);

  const start = async () => {
    try {
      const { connectionString, httpClient, roleName = 'keywatch' } = options;
      const { policy } = delivery;
      const credential = options.credential && watchSignIn(options.credential, clock, drop);
      const common = { deployment };
      // What this invocation asks of others is on its way before loading the SDK lets nothing else run.
      await wholeTurn();
      sdk = await startSdk({ connectionString, credential, httpClient, roleName, common, policy });
      for (const act of early) act(sdk);
    } catch (error) {
      broken = true;
      drop();
      notice(redactor.redact(`Telemetry cannot start, nothing is sent: ${String(error)}`));
    }
    early = [];
  };
  const withSdk = (act: (started: Sdk) => void) => {
    if (sdk !== undefined) return act(sdk);
    if (broken) return;
    early.push(act);
    starting ??= start();
  };

  const items = createPacedQueue<Item>({
    handOver: (item) => sdk?.record(item),
    flush: async () => sdk?.flushItems(),
    mostUnflushed: MOST_UNFLUSHED,
    mostWaiting: MOST_WAITING,
    onDrop: drop,
  });
  const add = (item: Item) => {
    const operation = currentOperation();
    withSdk(() => items.add(bounded({ ...item, operation }, redactor)));
  };

  const recordCall = (
    call: HttpCall,
    started: { epochMs: number; ms: number },
    status: number | undefined,
  ) => {
    const { name, attributes } = httpCallAttributes(call, status);
    add({
      kind: 'span',
      name,
      startEpochMs: started.epochMs,
      durationMs: Math.max(0, clock.monotonicMs() - started.ms),
      failed: status === undefined || status >= 400,
      attributes,
    });
  };

  const flushAll = async () => {
    await starting;
    await Promise.all([items.drain(), sdk?.flushMetrics()]);
    delivery.giveUpRedirects();
  };
  const flush = async (timeoutMs: number): Promise<FlushOutcome> => {
    const waitMs = delivery.isFailing() ? Math.min(timeoutMs, FAILING_WAIT_MS) : timeoutMs;
    const finished = await within(waitMs, flushAll());
    return { finished, undeliveredBatches: delivery.undeliveredBatches() };
  };

  return {
    event(name, attributes) {
      add({
        kind: 'log',
        epochMs: clock.nowEpochMs(),
        severityNumber: SEVERITY.information,
        attributes: {
          'microsoft.custom_event.name': name,
          ...wireAttributes(catalog.events[name].attributes, attributes),
        },
      });
    },
    metric(name, value, attributes) {
      if (!Number.isFinite(value)) return;
      const written = wireAttributes(catalog.metrics[name].attributes, attributes);
      withSdk((started) => started.recordMetric(name, value, written));
    },
    failure(failure) {
      add({
        kind: 'log',
        epochMs: clock.nowEpochMs(),
        severityNumber: failure.retryable ? SEVERITY.warning : SEVERITY.error,
        attributes: failureAttributes(failure),
      });
    },
    async httpCall(call, run, statusOf) {
      const started = { epochMs: clock.nowEpochMs(), ms: clock.monotonicMs() };
      let status: number | undefined;
      try {
        const result = await run();
        status = statusOf(result);
        return result;
      } finally {
        recordCall(call, started, status);
      }
    },
    flush,
    async close(timeoutMs) {
      const { finished } = await flush(timeoutMs);
      if (!finished) delivery.abort();
      const ended = await within(timeoutMs, sdk?.shutdown() ?? Promise.resolve());
      delivery.abort();
      return { finished: finished && ended, undeliveredBatches: delivery.undeliveredBatches() };
    },
  };
};

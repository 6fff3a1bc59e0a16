import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { UNNAMED_DEPLOYMENT } from '../lib/kernel/deployment.ts';
import {
  type ApplicationInsightsTelemetry,
  applicationInsights,
} from '../lib/telemetry/applicationInsights/applicationInsights.ts';
import { createRedactor, type Redactor } from '../lib/telemetry/redact.ts';
import type { LocalClock } from './clock.ts';
import type { Invocation } from './functionsHost/invoker.ts';
import { captureTelemetry, NOWHERE } from './telemetry/capture.ts';
import type { Envelope } from './telemetry/envelope.ts';
import { requestEnvelope } from './telemetry/requestEnvelope.ts';
import { loadFewerLibraries } from './telemetry/sdkLibraries.ts';
import { type TelemetryStore, telemetryStore } from './telemetry/telemetryStore.ts';

const GRANT_CHANGES: readonly string[] = ['keywatch.grant.refreshed', 'keywatch.grant.connected'];

export interface LocalTelemetry {
  readonly telemetry: ApplicationInsightsTelemetry;
  /** What takes secrets out of it, last. */
  readonly redactor: Redactor;
  /** What the SDK sent so far, queried with KQL. */
  readonly store: TelemetryStore;
  /** Called when a report about a refresh or a consent has arrived. */
  whenGrantChanges(listener: () => void): void;
  /** From now on what is sent is answered so and lost; `undefined`: no more. */
  refuseWith(status: number | undefined): void;
  /** Sends what the host sends of an invocation that ended. */
  invoked(invocation: Invocation): void;
  /** All of it is in the store when this resolves to true. */
  flush(timeoutMs: number): Promise<boolean>;
  /** The same, and nothing can be asked or told from then on. */
  close(timeoutMs: number): Promise<void>;
}

/** The real telemetry SDK, its batches going into DuckDB in this process instead of to Azure. */
export const startLocalTelemetry = async (
  clock: LocalClock,
  notice: (sentence: string) => void,
): Promise<LocalTelemetry> => {
  const store = await telemetryStore();
  let grantChanges = () => {};
  const capture = captureTelemetry({
    async onBatch(batch) {
      await store.insertEnvelopes(batch.map((envelope) => onLocalTime(envelope, clock.aheadMs())));
      if (batch.some(({ data }) => GRANT_CHANGES.includes(data.baseData.name ?? ''))) grantChanges();
    },
  });
  const redactor = createRedactor();
  await loadFewerLibraries();
  const telemetry = applicationInsights({
    connectionString: NOWHERE,
    deployment: UNNAMED_DEPLOYMENT,
    clock,
    redactor,
    httpClient: capture.httpClient,
    notice,
  });
  let hostSends: Promise<unknown> = Promise.resolve();
  return {
    ...{ telemetry, redactor, store },
    whenGrantChanges(listener) {
      grantChanges = listener;
    },
    refuseWith: (status) => capture.setFault(status === undefined ? undefined : { kind: 'status', status }),
    invoked(invocation) {
      const body = JSON.stringify([requestEnvelope(invocation)]);
      const request = createPipelineRequest({ url: 'https://127.0.0.1/v2.1/track', method: 'POST', body });
      hostSends = Promise.all([hostSends, capture.httpClient.sendRequest(request)]).catch((error: unknown) =>
        notice(`a request of the host is not in the telemetry: ${String(error)}`),
      );
    },
    async flush(timeoutMs) {
      const { finished } = await telemetry.flush(timeoutMs);
      await hostSends;
      return finished;
    },
    async close(timeoutMs) {
      await telemetry.close(timeoutMs);
      await hostSends;
      await store.close();
    },
  };
};

/** The SDK stamps metrics itself, with the machine's time; everything else carries the local clock's. */
const onLocalTime = (envelope: Envelope, aheadMs: number): Envelope =>
  envelope.data.baseType === 'MetricData'
    ? { ...envelope, time: new Date(Date.parse(envelope.time) + aheadMs).toISOString() }
    : envelope;

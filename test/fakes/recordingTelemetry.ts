import type { Failure } from '../../src/lib/kernel/failure.ts';
import type { EventAttributes, EventName, MetricName } from '../../src/lib/telemetry/catalog.ts';
import type { HttpCall, Telemetry } from '../../src/lib/telemetry/telemetry.ts';

export interface RecordingTelemetry extends Telemetry {
  readonly events: { name: EventName; attributes: object }[];
  readonly metrics: { name: MetricName; value: number; attributes: object }[];
  readonly failures: Failure[];
  readonly calls: (HttpCall & { status: number | undefined })[];
  /** The attributes of every event of one name, in order. */
  eventsNamed<N extends EventName>(name: N): EventAttributes<N>[];
}

/** Remembers everything it is reported. */
export const recordingTelemetry = (): RecordingTelemetry => {
  const recording: RecordingTelemetry = {
    events: [],
    metrics: [],
    failures: [],
    calls: [],
    eventsNamed: <N extends EventName>(wanted: N) =>
      recording.events
        .filter(({ name }) => name === wanted)
        .map(({ attributes }) => attributes as EventAttributes<N>),
    event: (name, attributes) => void recording.events.push({ name, attributes }),
    metric: (name, value, attributes) => void recording.metrics.push({ name, value, attributes }),
    failure: (failure) => void recording.failures.push(failure),
    async httpCall(call, run, statusOf) {
      try {
        const result = await run();
        recording.calls.push({ ...call, status: statusOf(result) });
        return result;
      } catch (error) {
        recording.calls.push({ ...call, status: undefined });
        throw error;
      }
    },
    flush: async () => ({ finished: true, undeliveredBatches: 0 }),
  };
  return recording;
};

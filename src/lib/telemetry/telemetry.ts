import type { Failure } from '../kernel/failure.ts';
import type { EventAttributes, EventName, MetricAttributes, MetricName } from './catalog.ts';

/** One outgoing HTTP call, recorded as a client span so that a 401 arrives as `ResultCode` "401". */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  /** Only scheme, host, port and path are recorded: a query may carry a code or a token. */
  readonly url: string;
  readonly credentialId: string;
}

/** What became of the telemetry sent so far. It is a measurement, not a promise: see `flush`. */
export interface FlushOutcome {
  /** False when the time limit ran out first. */
  readonly finished: boolean;
  /** Batches that were refused or unanswered since the process started. */
  readonly undeliveredBatches: number;
}

/**
 * Where facts for people and alerts go. Calls never throw and never block; what they are given passes
 * the redactor last. Nothing is sampled. Delivery is not guaranteed: only a missed heartbeat proves loss.
 */
export interface Telemetry {
  event<N extends EventName>(name: N, attributes: EventAttributes<N>): void;
  /** Records a value on the metric's own instrument (gauge, counter or histogram), in its own unit. */
  metric<N extends MetricName>(name: N, value: number, attributes: MetricAttributes<N>): void;
  /** As on-call reads it (`AppExceptions`), with the causes. */
  failure(failure: Failure): void;
  /**
   * Runs one call inside a client span. `statusOf` reads the HTTP status from its result; a rejected
   * call is recorded as failed without one and its rejection passed on.
   */
  httpCall<T>(call: HttpCall, run: () => Promise<T>, statusOf: (result: T) => number | undefined): Promise<T>;
  /** Sends what is buffered, waiting at most `timeoutMs`, and hardly at all where the last batch did not arrive. Never rejects. */
  flush(timeoutMs: number): Promise<FlushOutcome>;
}

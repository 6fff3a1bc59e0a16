import type { Clock } from '../../src/lib/kernel/clock.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import {
  type ApplicationInsightsTelemetry,
  applicationInsights,
} from '../../src/lib/telemetry/applicationInsights/applicationInsights.ts';
import { createRedactor, type Redactor } from '../../src/lib/telemetry/redact.ts';
import type { FlushOutcome, Telemetry } from '../../src/lib/telemetry/telemetry.ts';
import {
  type CaptureOptions,
  captureTelemetry,
  NOWHERE,
  type TelemetryCapture,
} from '../../src/local/telemetry/capture.ts';
import type { Envelope } from '../../src/local/telemetry/envelope.ts';

/** The deployment that a captured telemetry is of. */
export const CAPTURED_DEPLOYMENT = 'kw-test';

export interface CapturedTelemetry {
  readonly telemetry: ApplicationInsightsTelemetry;
  readonly redactor: Redactor;
  readonly capture: TelemetryCapture;
  readonly notices: string[];
  /** See {@link settled}. */
  settle(): Promise<FlushOutcome>;
  /** Flushes, and gives what has arrived since the last call. */
  take(): Promise<Envelope[]>;
}

/** Flushes until what was reported before has left or is lost: one flush does not wait where the last batch was. */
export const settled = async (telemetry: Pick<Telemetry, 'flush'>): Promise<FlushOutcome> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const outcome = await telemetry.flush(60_000);
    if (outcome.finished) return outcome;
    await systemClock.sleep(10);
  }
  throw new Error('telemetry does not leave');
};

/**
 * The real adapter on the real SDK into a capture. The SDK's providers are globals of the process, so
 * start one per test file (vitest gives each file its own), use `take` between tests, and close it at the end.
 */
export const startCapturedTelemetry = (
  options: CaptureOptions & { clock?: Clock } = {},
): CapturedTelemetry => {
  const { clock = systemClock, ...captureOptions } = options;
  const capture = captureTelemetry(captureOptions);
  const redactor = createRedactor();
  const notices: string[] = [];
  const telemetry = applicationInsights({
    deployment: CAPTURED_DEPLOYMENT,
    connectionString: NOWHERE,
    clock,
    redactor,
    httpClient: capture.httpClient,
    notice: (sentence) => void notices.push(sentence),
  });
  const settle = () => settled(telemetry);
  return {
    telemetry,
    settle,
    redactor,
    capture,
    notices,
    async take() {
      await settle();
      const taken = [...capture.envelopes];
      capture.clear();
      return taken;
    },
  };
};

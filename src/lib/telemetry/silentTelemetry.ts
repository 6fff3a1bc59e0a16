import type { Telemetry } from './telemetry.ts';

const NOTICE =
  'APPLICATIONINSIGHTS_CONNECTION_STRING is not set: no telemetry is sent, so no alert can fire, ' +
  'not even the one for a missed scan.';

/**
 * A telemetry that drops everything, for want of a place to send it to. `notice` is reported so once, on
 * the first fact that is lost, and never again.
 */
export const silentTelemetry = (notice: (sentence: string) => void): Telemetry => {
  let said = false;
  const drop = () => {
    if (said) return;
    said = true;
    notice(NOTICE);
  };
  return {
    event: drop,
    metric: drop,
    failure: drop,
    async httpCall(_call, run) {
      drop();
      return run();
    },
    flush: async () => ({ finished: true, undeliveredBatches: 0 }),
  };
};

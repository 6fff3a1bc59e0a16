import type { LogsQuery } from '../lib/azure/ports.ts';
import type { TelemetryStore } from './telemetry/telemetryStore.ts';

/** The local telemetry behind the port of a workspace. Everything it holds counts, whatever the time span. */
export const localLogs = (store: Pick<TelemetryStore, 'query'>, nowEpochMs: number): LogsQuery => ({
  run: async (kql) => {
    try {
      return { ok: true, ...(await store.query(kql, nowEpochMs)) };
    } catch (cause) {
      return {
        ok: false,
        code: 'invalid_query',
        retryable: false,
        message: cause instanceof Error ? cause.message : String(cause),
        action: 'Correct the query; npm test says more.',
        concernsAll: false,
        cause,
      };
    }
  },
});

import { type AlertEvaluations, evaluateAlertsOver } from '../../lib/alerts/evaluateAlerts.ts';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import { localLogs } from '../../local/localLogs.ts';
import { runTimers } from './firstRun.ts';
import { startApp } from './startApp.ts';

export interface LocalAlerts extends AlertEvaluations {
  readonly nowEpochMs: number;
  /** False when a part of the run failed, so that rules were judged on less than there is. */
  readonly ok: boolean;
}

/** What `npm start -- --once` does, as far as the alerts: one run on the seeded company, nothing kept. */
export const evaluateLocalAlerts = async (days: number, terminal: Terminal): Promise<LocalAlerts> => {
  const { app, clock, failures } = await startApp(
    { once: true, days, folder: undefined, port: undefined },
    terminal,
  );
  try {
    const { finished } = await runTimers(app, terminal);
    const nowEpochMs = clock.nowEpochMs();
    const evaluations = await evaluateAlertsOver(localLogs(app.telemetry.store, nowEpochMs));
    return { nowEpochMs, ok: finished && failures.length === 0, ...evaluations };
  } finally {
    await app.close();
  }
};

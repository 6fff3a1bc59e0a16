import { type AlertEvaluation, evaluateAlerts } from '../../lib/alerts/evaluateAlerts.ts';
import { scanner } from '../../lib/app/scanner.ts';
import { counted } from '../../lib/kernel/humanTime.ts';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import type { LocalClock } from '../../local/clock.ts';
import type { Invocation } from '../../local/functionsHost/invoker.ts';
import type { LocalApp } from '../../local/localApp.ts';
import { EXIT } from '../exit.ts';
import { alertReport } from '../report/alertReport.ts';
import { lastEvents } from '../report/lastEvents.ts';
import { coloured, plain } from '../report/style.ts';
import { runScan } from '../scan.ts';

const FLUSH_TIMEOUT_MS = 10_000;

export interface RunOutcome {
  /** True unless a function failed or a vault could not be scanned. */
  readonly ok: boolean;
  readonly alerts: readonly AlertEvaluation[];
}

/** One run of every timer through the deployed functions; its telemetry is in the store when this resolves. */
export const runTimers = async ({ host, telemetry }: LocalApp, terminal: Terminal) => {
  terminal.progress('a first run of every timer …');
  const report = await host.runOnce();
  const finished = await telemetry.flush(FLUSH_TIMEOUT_MS);
  terminal.progress('');
  if (!finished) terminal.note('telemetry did not arrive in time: alerts are judged on a part of it');
  return { report, finished };
};

/** One run of every timer; then what the vaults hold and what would alert. */
export const runFirstTime = async (
  app: LocalApp,
  clock: LocalClock,
  terminal: Terminal,
  { failures, all = false }: { readonly failures: readonly Invocation[]; readonly all?: boolean | undefined },
): Promise<RunOutcome> => {
  const { store } = app.telemetry;
  const startedMs = clock.monotonicMs();
  const { report, finished } = await runTimers(app, terminal);
  const seconds = ((clock.monotonicMs() - startedMs) / 1000).toFixed(1);
  const names = report.timers.map(({ functionName }) => functionName).join(', ');
  const later = await app.host.waiting();
  const waiting = later === 0 ? '' : `, ${later} for later`;
  terminal.print(
    `One run of ${names}: ${counted(report.messages, 'queue message')}, ${counted(failures.length, 'failure')}${waiting}, ${seconds} s.`,
  );
  terminal.print('');
  const nowEpochMs = clock.nowEpochMs();
  const scanned = await runScan(
    await scanner(),
    terminal,
    { format: 'table', failOn: 'never', all },
    nowEpochMs,
  );
  const paint = terminal.hasColour ? coloured : plain;
  (await lastEvents(store, nowEpochMs, paint, terminal.width)).forEach(terminal.print);
  terminal.print('');
  const alerts = await evaluateAlerts(store, clock.nowEpochMs());
  alertReport(alerts, paint, terminal.width).forEach(terminal.print);
  return { ok: finished && failures.length === 0 && scanned !== EXIT.failed, alerts };
};

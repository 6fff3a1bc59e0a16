import { type AlertEvaluation, evaluateAlerts } from '../../lib/alerts/evaluateAlerts.ts';
import { isoSeconds } from '../../lib/kernel/instant.ts';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import type { LocalClock } from '../../local/clock.ts';
import { EVENT_GRID_PATH } from '../../local/functionsHost/eventGridWebhook.ts';
import { LIMITS_IN_WORDS } from '../../local/functionsHost/functionsHost.ts';
import type { LocalApp } from '../../local/localApp.ts';
import { describeAlert } from '../report/alertReport.ts';

const ALERTS_EVERY_MS = 60_000;

export interface ServeOptions {
  readonly port: number;
  readonly clock: LocalClock;
  readonly terminal: Terminal;
  /** Resolves when it is time to stop. */
  readonly ended: Promise<unknown>;
}

/** Serves HTTP, fires timers on schedule and tells which alerts begin and end, until it is told to stop. */
export const serveUntilStopped = async (app: LocalApp, options: ServeOptions): Promise<void> => {
  const { port, terminal, clock, ended } = options;
  const { url } = app;
  if (new URL(url).port !== String(port) && port !== 0)
    terminal.print(
      `Port ${port} is taken, by another Keywatch perhaps; npm start -- --port N names another.`,
    );
  terminal.print('');
  describeServices(app, url).forEach(terminal.print);
  app.host.startTriggers();
  const stopping = new AbortController();
  const watching = watchAlerts(app, { clock, terminal, signal: stopping.signal });
  await ended;
  stopping.abort();
  await watching;
};

const describeServices = ({ host, folder }: LocalApp, url: string): string[] => [
  'Running until Ctrl+C:',
  ...host.routes.map(({ template, methods }) => `  ${methods.join(', ').padEnd(10)} ${url}${template}`),
  ...host.eventGridFunctions.map((name) => `  events     POST ${url}${EVENT_GRID_PATH}?functionName=${name}`),
  ...host.timers.map(
    ({ functionName, schedule, nextEpochMs }) =>
      `  timer      ${functionName} "${schedule.expression}", next ${isoSeconds(nextEpochMs() ?? 0)}`,
  ),
  ...host.queues.map(({ functionName, queueName }) => `  queue      ${queueName} → ${functionName}`),
  `  data       ${folder.path} (delete it to begin anew)`,
  '',
  ...LIMITS_IN_WORDS,
];

const watchAlerts = async (
  { telemetry }: LocalApp,
  { clock, terminal, signal }: Pick<ServeOptions, 'clock' | 'terminal'> & { readonly signal: AbortSignal },
): Promise<void> => {
  const evaluate = () => evaluateAlerts(telemetry.store, clock.nowEpochMs());
  let open = openAlerts(await evaluate());
  while (!signal.aborted) {
    await clock.sleep(ALERTS_EVERY_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    const now = openAlerts(await evaluate());
    for (const [id, words] of now) if (!open.has(id)) terminal.print(`alert fires: ${words}`);
    for (const [id, words] of open) if (!now.has(id)) terminal.print(`alert is over: ${words}`);
    open = now;
  }
};

const openAlerts = (evaluations: readonly AlertEvaluation[]): Map<string, string> =>
  new Map(
    evaluations.flatMap(({ rule, alerts }) =>
      alerts.map((alert): [string, string] => [
        JSON.stringify([rule.name, alert]),
        `${rule.displayName}: ${describeAlert(alert)}`,
      ]),
    ),
  );

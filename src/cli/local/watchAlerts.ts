import { alertRules } from '../../lib/alerts/alertRules.ts';
import { type AlertEvaluation, evaluateAlerts } from '../../lib/alerts/evaluateAlerts.ts';
import type { Clock } from '../../lib/kernel/clock.ts';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import type { LocalTelemetry } from '../../local/localTelemetry.ts';
import { describeAlert } from '../report/alertReport.ts';

const EVERY_MS = 60_000;

/** Of a rule without an end (the digest, once a day) Azure says nothing in between either. */
const RULES_WITH_END = alertRules.filter(({ autoMitigate }) => autoMitigate);

export interface AlertWatch {
  readonly clock: Clock;
  readonly terminal: Terminal;
  /** What is known to fire. */
  readonly alerts: readonly AlertEvaluation[];
}

/**
 * Tells which alerts begin and end, until it is told to stop. Where a query is at fault, as while somebody edits it,
 * that is said once, and what fired before is taken to fire still. Never rejects.
 */
export const watchAlerts = async (
  {
    store,
    whenGrantChanges,
  }: Pick<LocalTelemetry, 'whenGrantChanges'> & {
    readonly store: Pick<LocalTelemetry['store'], 'query'>;
  },
  { clock, terminal, alerts }: AlertWatch,
  signal: AbortSignal,
): Promise<void> => {
  let sooner = new AbortController();
  whenGrantChanges(() => sooner.abort());
  let open = openAlerts(alerts.filter(({ rule }) => rule.autoMitigate));
  let fault = '';
  while (!signal.aborted) {
    await clock.sleep(EVERY_MS, AbortSignal.any([signal, sooner.signal])).catch(() => undefined);
    if (signal.aborted) return;
    sooner = new AbortController();
    const now = await evaluateAlerts(store, clock.nowEpochMs(), RULES_WITH_END).then(openAlerts, faultOf);
    if (typeof now === 'string') {
      if (now !== fault) terminal.note(now);
      fault = now;
      continue;
    }
    fault = '';
    for (const [id, words] of now) if (!open.has(id)) terminal.print(`alert fires: ${words}`);
    for (const [id, words] of open) if (!now.has(id)) terminal.print(`alert is over: ${words}`);
    open = now;
  }
};

const faultOf = (error: unknown): string =>
  `The alert rules cannot be evaluated, so no alert begins or ends here: ${error instanceof Error ? error.message : String(error)}`;

/** By what tells them apart. */
const openAlerts = (evaluations: readonly AlertEvaluation[]): Map<string, string> =>
  new Map(
    evaluations.flatMap(({ rule, alerts }) =>
      alerts.map((alert): [string, string] => [
        JSON.stringify([rule.name, alert]),
        `${rule.displayName}: ${describeAlert(alert)}`,
      ]),
    ),
  );

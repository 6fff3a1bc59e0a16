import type { LogsAnswer, LogsColumn, LogsFailure, LogsQuery, LogsRow } from '../azure/ports.ts';
import { type AlertRule, alertQuery, alertRules } from './alertRules.ts';

/** The values that tell one alert of a rule from another, by dimension. */
export type Dimensions = Readonly<Record<string, string>>;

/** Whether a rule fires now, and on what. */
export interface AlertEvaluation {
  readonly rule: AlertRule;
  readonly fires: boolean;
  readonly columns: readonly LogsColumn[];
  readonly rows: readonly LogsRow[];
  /** One per alert that would be open: the distinct dimension values of the rows. */
  readonly alerts: readonly Dimensions[];
  /** One sentence where rows are missing. */
  readonly incomplete?: string;
}

/** A rule of which nobody knows whether it fires. */
export interface UnknownAlert {
  readonly rule: AlertRule;
  readonly failure: LogsFailure;
}

export interface AlertEvaluations {
  readonly evaluated: readonly AlertEvaluation[];
  readonly unknown: readonly UnknownAlert[];
}

type Found = Omit<Extract<LogsAnswer, { ok: true }>, 'ok'>;

/** In the order of the columns, which is the one that reads well. */
const dimensionsOf = ({ dimensions }: AlertRule, { columns, rows }: Found): Dimensions[] => {
  const names = columns.map(({ name }) => name).filter((name) => dimensions.includes(name));
  const distinct = new Map<string, Dimensions>();
  for (const row of rows) {
    const values = Object.fromEntries(names.map((name) => [name, String(row[name] ?? '')]));
    distinct.set(JSON.stringify(values), values);
  }
  return [...distinct.values()];
};

const judge = (rule: AlertRule, found: Found): AlertEvaluation => ({
  ...{ rule, fires: found.rows.length > 0, alerts: dimensionsOf(rule, found) },
  ...found,
});

/** Telemetry that answers a query as of an instant. Rejects when the query is at fault. */
interface RuleStore {
  query(kql: string, nowEpochMs: number): Promise<Found>;
}

const enabledOf = (rules: readonly AlertRule[]) => rules.filter(({ enabled }) => enabled);

/**
 * Evaluates alert rules over a store as the service would at `nowEpochMs`: a rule fires when its query
 * yields a row. Disabled rules are left out. Rejects when a query is at fault.
 */
export const evaluateAlerts = async (
  store: RuleStore,
  nowEpochMs: number,
  rules: readonly AlertRule[] = alertRules,
): Promise<AlertEvaluation[]> => {
  const evaluations: AlertEvaluation[] = [];
  for (const rule of enabledOf(rules))
    evaluations.push(judge(rule, await store.query(alertQuery(rule.name), nowEpochMs)));
  return evaluations;
};

/**
 * Evaluates alert rules over whatever answers queries, one after the other, with the time span that each
 * is deployed with. A rule that cannot be evaluated does not stop the rest, unless the rest would fare no
 * better. Never rejects.
 */
export const evaluateAlertsOver = async (
  logs: LogsQuery,
  onRule: (rule: AlertRule) => void = () => undefined,
): Promise<AlertEvaluations> => {
  const evaluated: AlertEvaluation[] = [];
  const unknown: UnknownAlert[] = [];
  let hopeless: LogsFailure | undefined;
  for (const rule of enabledOf(alertRules)) {
    onRule(rule);
    const answer: LogsAnswer =
      hopeless === undefined
        ? await logs.run(alertQuery(rule.name), rule.overrideQueryTimeRange ?? rule.windowSize)
        : hopeless;
    if (answer.ok) evaluated.push(judge(rule, answer));
    else unknown.push({ rule, failure: answer });
    if (!answer.ok && answer.concernsAll) hopeless = answer;
  }
  return { evaluated, unknown };
};

import { type AlertRule, alertQuery, alertRules } from './alertRules.ts';
import type { Column } from './boundTree.ts';
import type { Row, TelemetryStore } from './duckdb.ts';

/** The values that tell one alert of a rule from another, by dimension. */
export type Dimensions = Readonly<Record<string, string>>;

/** Whether a rule fires now, and on what. */
export interface AlertEvaluation {
  readonly rule: AlertRule;
  readonly fires: boolean;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** One per alert that would be open: the distinct dimension values of the rows. */
  readonly alerts: readonly Dimensions[];
}

const dimensionsOf = ({ dimensions }: AlertRule, rows: readonly Row[]): Dimensions[] => {
  const distinct = new Map<string, Dimensions>();
  for (const row of rows) {
    const values = Object.fromEntries(dimensions.map((name) => [name, String(row[name] ?? '')]));
    distinct.set(JSON.stringify(values), values);
  }
  return [...distinct.values()];
};

/**
 * Evaluates alert rules over a store as the service would at `nowEpochMs`: a rule fires when its query
 * yields a row. Disabled rules are left out. Rejects when a query is at fault.
 */
export const evaluateAlerts = async (
  store: Pick<TelemetryStore, 'query'>,
  nowEpochMs: number,
  rules: readonly AlertRule[] = alertRules,
): Promise<AlertEvaluation[]> => {
  const evaluations: AlertEvaluation[] = [];
  for (const rule of rules.filter(({ enabled }) => enabled)) {
    const { columns, rows } = await store.query(alertQuery(rule.name), nowEpochMs);
    evaluations.push({ rule, fires: rows.length > 0, columns, rows, alerts: dimensionsOf(rule, rows) });
  }
  return evaluations;
};

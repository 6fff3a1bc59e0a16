import type { AlertRule } from '../../lib/alerts/alertRules.ts';
import { alertWords } from '../../lib/alerts/alertWords.ts';
import type { AlertEvaluations } from '../../lib/alerts/evaluateAlerts.ts';
import type { LogsColumn, LogsRow } from '../../lib/azure/ports.ts';
import { isInstant, isoSeconds } from '../../lib/kernel/instant.ts';
import { jsonText } from './machineReadable.ts';

/** Every rule as one JSON document: instants in ISO 8601; `fires` is null where nobody knows. */
export const ruleJson = (
  { evaluated, unknown }: AlertEvaluations,
  { source, nowEpochMs }: { readonly source: string; readonly nowEpochMs: number },
): string =>
  jsonText({
    source,
    evaluatedAt: isoSeconds(nowEpochMs),
    rules: [
      ...evaluated.map(({ rule, fires, alerts, columns, rows, incomplete = null }) => ({
        ...aboutRule(rule),
        ...{ fires, alerts, incomplete, failure: null },
        rows: rows.map((row) => rowOf(columns, row)),
      })),
      ...unknown.map(({ rule, failure: { code: reason, message, action } }) => ({
        ...aboutRule(rule),
        ...{ fires: null, alerts: [], incomplete: null, failure: { reason, message, action }, rows: [] },
      })),
    ],
  });

const aboutRule = ({ name, displayName, severity, runbook }: AlertRule) => ({
  ...{ name, displayName, severity, runbook },
  ...alertWords(name),
});

const rowOf = (columns: readonly LogsColumn[], row: LogsRow) =>
  Object.fromEntries(
    columns.map(({ name, type }) => {
      const value = row[name] ?? null;
      const isTime = type === 'datetime' && typeof value === 'number' && isInstant(value);
      return [name, isTime ? isoSeconds(value) : value];
    }),
  );

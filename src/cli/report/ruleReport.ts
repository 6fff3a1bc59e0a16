import { type AlertRule, alertRules } from '../../lib/alerts/alertRules.ts';
import { alertWords } from '../../lib/alerts/alertWords.ts';
import type { AlertEvaluation, AlertEvaluations, UnknownAlert } from '../../lib/alerts/evaluateAlerts.ts';
import type { LogsColumn, LogsRow } from '../../lib/azure/ports.ts';
import { counted } from '../../lib/kernel/humanTime.ts';
import { isInstant, isoSeconds } from '../../lib/kernel/instant.ts';
import { printable } from '../../lib/kernel/printable.ts';
import { colourOf, firingOf, SEVERITIES } from './alertReport.ts';
import type { Paint } from './style.ts';
import { type Column, renderTable } from './table.ts';
import { wrapText } from './wrapText.ts';

/** More rows of one rule than these are counted only. */
const MOST_ROWS = 25;
const MOST_CHARACTERS = 60;
/** What names a thing or says what to do is of no use when it was cut. */
const MOST_CHARACTERS_WHOLE = 400;
const INDENT = '    ';
const SHOWN_WHOLE = /Id$|Url$|^(?:Action|Evidence|LikelyCredential|Open|Nearest)$/;

/**
 * Every rule with what it found: those that fire first, most severe first, then the unknown, then the quiet, and
 * those that are off, of which nobody asked.
 * @param width columns of the terminal, if it goes to one
 */
export const ruleReport = (
  { evaluated, unknown }: AlertEvaluations,
  paint: Paint,
  width?: number,
): string[] => {
  const firing = firingOf(evaluated);
  const quiet = evaluated.filter(({ fires }) => !fires);
  const alerts = firing.reduce((sum, one) => sum + one.alerts.length, 0);
  return [
    ...firing.flatMap((one) => [...firingLines(one, paint, width), '']),
    ...unknownLines(unknown, paint, width),
    ...quiet.map(({ rule }) => `${paint('✓', 'green')} quiet: ${rule.displayName} (${rule.name})`),
    ...OFF.map(({ displayName, name }) => `${paint('-', 'grey')} off: ${displayName} (${name}), not asked`),
    '',
    evaluated.length === 0
      ? `Whether an alert would fire is not known: none of ${counted(unknown.length, 'rule')} could be evaluated.`
      : `${counted(alerts, 'alert')} would fire, of ${counted(firing.length, 'rule')}; ${counted(quiet.length, 'rule')} quiet, ${unknown.length} unknown.`,
  ];
};

const OFF = alertRules.filter(({ enabled }) => !enabled);

const firingLines = (
  { rule, alerts, columns, rows, incomplete }: AlertEvaluation,
  paint: Paint,
  width: number | undefined,
): string[] => {
  const shown = [...rows].sort(byDimensions(rule.dimensions)).slice(0, MOST_ROWS);
  const more = rows.length - shown.length;
  return [
    ...wordLines(rule, alerts.length, paint, width),
    ...(incomplete === undefined ? [] : [`  ${paint('▲', 'yellow')} ${incomplete}`]),
    ...tableOf(rule, ordered(columns, rule.dimensions, shown), shown, paint, width).map(
      (line) => INDENT + line,
    ),
    ...(more === 0 ? [] : [`${INDENT}… and ${counted(more, 'row')} more; --json gives them all`]),
  ];
};

const wordLines = (rule: AlertRule, alerts: number, paint: Paint, width?: number): string[] => {
  const { meaning, action } = alertWords(rule.name);
  const severity = paint(SEVERITIES[rule.severity] ?? '', colourOf(rule.severity));
  return [
    `${severity}  ${paint(rule.displayName, 'bold')} (${rule.name}): ${counted(alerts, 'alert')}`,
    ...wrapText(meaning, width, '  '),
    ...wrapText(`What to do: ${action}`, width, '  '),
    `  Runbook: ${rule.runbook}`,
  ];
};

/** A rule with each of its rows as on-call reads them: a line for each value. */
export const alertLines = ({ rule, alerts, columns, rows }: AlertEvaluation, paint: Paint): string[] => [
  ...wordLines(rule, alerts.length, paint),
  ...rows.flatMap((row) => [
    '',
    ...ordered(columns, rule.dimensions, [row]).map(
      (column) => `${INDENT}${column.name.padEnd(18)} ${cellOf(column, row)}`,
    ),
  ]),
];

const byDimensions = (dimensions: readonly string[]) => (one: LogsRow, other: LogsRow) =>
  textOf(one, dimensions).localeCompare(textOf(other, dimensions), 'en');

const textOf = (row: LogsRow, names: readonly string[]): string => names.map((name) => row[name]).join('\n');

/** Dimensions first; without the time of the evaluation and without what no row has. */
const ordered = (
  columns: readonly LogsColumn[],
  dimensions: readonly string[],
  rows: readonly LogsRow[],
): readonly LogsColumn[] => {
  const place = ({ name }: LogsColumn) => (dimensions.includes(name) ? 0 : 1);
  return columns
    .filter(({ name }) => name !== 'TimeGenerated')
    .filter((column) => rows.some((row) => cellOf(column, row) !== ''))
    .sort((one, other) => place(one) - place(other));
};

const tableOf = (
  rule: AlertRule,
  columns: readonly LogsColumn[],
  rows: readonly LogsRow[],
  paint: Paint,
  width: number | undefined,
): string[] =>
  renderTable(
    columns.map(fittedFor(rule)),
    rows.map((row) => columns.map((column) => ({ text: cellOf(column, row) }))),
    paint,
    width === undefined ? undefined : width - INDENT.length,
  );

/**
 * Where there is no room for all, links go first: one that was cut leads nowhere. Then what the id of the credential
 * says too, then the others from the right; and last those by whose name the words of the rule say what to do.
 */
const fittedFor = ({ name: rule }: AlertRule) => {
  const { meaning, action } = alertWords(rule);
  const spokenOf = new Set(`${meaning} ${action}`.split(/\W+/));
  return ({ name, type }: LogsColumn, place: number, columns: readonly LogsColumn[]): Column => {
    if (name.endsWith('Url')) return { heading: name, dispensable: 300 + place };
    const isSaid = SAID_BY_ID.has(name) && columns.some((other) => other.name === 'CredentialId');
    const turn = isSaid ? 200 : spokenOf.has(name) ? 0 : 100;
    return {
      heading: name,
      ...(type === 'string' || type === 'dynamic' ? { least: name === 'CredentialId' ? 44 : 20 } : {}),
      ...(place === 0 ? {} : { dispensable: turn + place }),
    };
  };
};

const SAID_BY_ID: ReadonlySet<string> = new Set(['Vault', 'Kind']);

const cellOf = ({ name, type }: LogsColumn, row: LogsRow): string => {
  const value = row[name];
  if (value === null || value === undefined) return '';
  if (type === 'datetime' && typeof value === 'number' && isInstant(value)) return isoSeconds(value);
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000);
  const text =
    typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
  return printable(text, SHOWN_WHOLE.test(name) ? MOST_CHARACTERS_WHOLE : MOST_CHARACTERS);
};

/** Failures that many rules share are said once. */
const unknownLines = (unknown: readonly UnknownAlert[], paint: Paint, width?: number): string[] => {
  const words = ({ failure }: UnknownAlert) => `${printable(failure.message, 400)}. ${failure.action}`;
  return [...new Set(unknown.map(words))].flatMap((said) => {
    const names = unknown.filter((one) => words(one) === said).map(({ rule }) => rule.name);
    return [`${paint('?', 'yellow')} unknown: ${names.join(', ')}`, ...wrapText(said, width, '  '), ''];
  });
};

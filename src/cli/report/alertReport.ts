import type { AlertEvaluation, Dimensions } from '../../lib/alerts/evaluateAlerts.ts';
import { counted } from '../../lib/kernel/humanTime.ts';
import { printable } from '../../lib/kernel/printable.ts';
import type { Colour, Paint } from './style.ts';
import { renderTable } from './table.ts';

const COLUMNS = [
  { heading: 'SEVERITY' },
  { heading: 'ALERT', least: 26 },
  { heading: 'ON', least: 24 },
] as const;
/** By severity, as the alert service numbers it. */
export const SEVERITIES = ['0 critical', '1 error', '2 warning', '3 informational', '4 verbose'] as const;
/** More alerts of one rule than these are counted only. */
const MOST_SHOWN = 8;

/**
 * The alerts that Azure would raise on this telemetry, most severe first.
 * @param width columns of the terminal, if it goes to one
 */
export const alertReport = (
  evaluations: readonly AlertEvaluation[],
  paint: Paint,
  width?: number,
): string[] => {
  const firing = firingOf(evaluations);
  const quiet = evaluations.length - firing.length;
  if (firing.length === 0) return [`No alert would fire (${counted(quiet, 'rule')} looked at).`];
  const rows = firing.flatMap(({ rule, alerts }) => {
    const severity = { text: SEVERITIES[rule.severity] ?? '', colour: colourOf(rule.severity) };
    const described = alerts.map(describeAlert).sort((one, other) => one.localeCompare(other, 'en'));
    const shown = described.slice(0, alerts.length > MOST_SHOWN ? MOST_SHOWN - 1 : MOST_SHOWN);
    const more = alerts.length - shown.length;
    return [
      ...shown.map((text) => [severity, { text: rule.displayName }, { text }]),
      ...(more === 0 ? [] : [[severity, { text: rule.displayName }, { text: `… and ${more} more` }]]),
    ];
  });
  const total = firing.reduce((sum, { alerts }) => sum + alerts.length, 0);
  return [
    `${counted(total, 'alert')} would fire, of ${counted(firing.length, 'rule')}; ${counted(quiet, 'rule')} quiet:`,
    ...renderTable(COLUMNS, rows, paint, width),
    ...(firing.some(({ alerts }) => alerts.length > MOST_SHOWN) ? [ALL_OF_THEM] : []),
  ];
};

const ALL_OF_THEM = '"npm run alerts" shows all of them, with what each means and what to do.';

/** Those that fire, most severe first. */
export const firingOf = (evaluations: readonly AlertEvaluation[]): readonly AlertEvaluation[] =>
  evaluations.filter(({ fires }) => fires).sort((one, other) => one.rule.severity - other.rule.severity);

export const colourOf = (severity: number): Colour =>
  severity <= 1 ? 'red' : severity === 2 ? 'yellow' : 'grey';

/**
 * The values that tell this alert from others; what is empty or part of an earlier one is left out, and so is the
 * deployment: on one machine there is one.
 */
export const describeAlert = ({ Deployment: _, ...alert }: Dimensions): string => {
  const values = Object.values(alert).filter((value) => value !== '');
  return (
    values
      .filter((value, index) => !values.slice(0, index).some((earlier) => earlier.split('/').includes(value)))
      // Half a link leads nowhere.
      .map((value) => printable(value, /^https?:\/\//.test(value) ? 400 : 72))
      .join(' · ')
  );
};

import type { AlertRule } from '../../src/lib/alerts/alertRules.ts';
import type { LogsColumn } from '../../src/lib/azure/ports.ts';

const MINUTES: Readonly<Record<string, number>> = { D: 1440, H: 60, M: 1 };

/** Minutes of `PT15M`, `PT6H`, `P2D`; NaN for other forms. */
export const durationMinutes = (iso: string): number => {
  const found = /^P(?:T(\d+)([MH])|(\d+)(D))$/.exec(iso);
  const unit = MINUTES[found?.[2] ?? found?.[4] ?? ''];
  return found === null || unit === undefined ? Number.NaN : Number(found[1] ?? found[3]) * unit;
};

const FREQUENCIES = 'PT1M PT5M PT10M PT15M PT30M PT45M PT1H PT2H PT3H PT4H PT5H PT6H P1D'.split(' ');
const WINDOWS = 'PT5M PT10M PT15M PT30M PT45M PT1H PT2H PT3H PT4H PT5H PT6H P1D P2D'.split(' ');
const RANGES = [...WINDOWS.slice(0, -2), 'P1D', 'P2D'];
const MAXIMUM_LOOKBACK_MINUTES = 2880;

const timingFaults = (rule: AlertRule): string[] => {
  const { evaluationFrequency, windowSize, overrideQueryTimeRange } = rule;
  const [every, window] = [durationMinutes(evaluationFrequency), durationMinutes(windowSize)];
  const range = overrideQueryTimeRange === null ? undefined : durationMinutes(overrideQueryTimeRange);
  const rules: readonly (readonly [boolean, string])[] = [
    [FREQUENCIES.includes(evaluationFrequency), `evaluationFrequency ${evaluationFrequency} is not offered`],
    [WINDOWS.includes(windowSize), `windowSize ${windowSize} is not offered`],
    [
      overrideQueryTimeRange === null || RANGES.includes(overrideQueryTimeRange),
      `overrideQueryTimeRange ${overrideQueryTimeRange} is not offered`,
    ],
    [every <= window, 'evaluationFrequency is longer than windowSize: events would be missed'],
    [window <= MAXIMUM_LOOKBACK_MINUTES, 'windowSize is over two days'],
    [range === undefined || range >= window, 'overrideQueryTimeRange is shorter than the window'],
    [!(rule.autoMitigate && every > 720), 'autoMitigate is not supported above a frequency of 12 hours'],
  ];
  return rules.flatMap(([holds, fault]) => (holds ? [] : [fault]));
};

const dimensionFaults = (rule: AlertRule, columns: readonly LogsColumn[]): string[] => {
  const faults = rule.dimensions.flatMap((dimension) => {
    const column = columns.find(({ name }) => name === dimension);
    if (column === undefined) return [`dimension ${dimension} is no result column`];
    const fits = ['string', 'int', 'long', 'real'].includes(column.type);
    return fits ? [] : [`dimension ${dimension} is a ${column.type}, not text or a number`];
  });
  return rule.dimensions.length > 6 ? [...faults, 'more than 6 dimensions'] : faults;
};

/**
 * What the alert service would refuse in a rule, given the result columns of its query; empty when nothing.
 * @see https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
 */
export const ruleFaults = (rule: AlertRule, columns: readonly LogsColumn[]): string[] => {
  const { severity } = rule;
  const faults = [...timingFaults(rule), ...dimensionFaults(rule, columns)];
  if (!Number.isInteger(severity) || severity < 0 || severity > 4) faults.push('severity is not 0 to 4');
  return faults;
};

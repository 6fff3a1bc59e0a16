import { type BoundNode, scalarOf } from './boundTree.ts';
import { duckType, text, timestamp } from './sql.ts';
import { UnknownKql } from './unknownKql.ts';

/** What a unit of time is called, by its length in microseconds. */
const UNITS: ReadonlyMap<number, readonly string[]> = new Map([
  [86_400_000_000, ['d', 'day', 'days']],
  [3_600_000_000, ['h', 'hr', 'hrs', 'hour', 'hours']],
  [60_000_000, ['m', 'min', 'minute', 'minutes']],
  [1_000_000, ['s', 'sec', 'second', 'seconds']],
  [1000, ['ms', 'milli', 'millis', 'millisecond', 'milliseconds']],
]);

const inner = (node: BoundNode): string => /^\w+\(([\s\S]*)\)$/.exec(node.text)?.[1]?.trim() ?? node.text;

/** A timespan literal in microseconds: `1d`, `time(2m)`, `timespan(1.02:03:04)`. */
export const timespanUs = (node: BoundNode): number => {
  const source = inner(node);
  const short = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(source);
  const [unitUs] = [...UNITS].find(([, names]) => names.includes(short?.[2] ?? '')) ?? [];
  if (short !== null && unitUs !== undefined) return Math.round(Number(short[1]) * unitUs);
  const long = /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(source);
  if (long === null) throw new UnknownKql('this timespan', node);
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = long;
  return Math.round(
    ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000_000 + Number(seconds) * 1_000_000,
  );
};

const datetimeSql = (node: BoundNode): string => {
  const source = inner(node);
  const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z?)?$/.exec(source)?.[0];
  if (iso === undefined) throw new UnknownKql('this form of datetime', node);
  const epochMs = Date.parse(`${iso.replace(' ', 'T').replace(/Z$/, '')}${iso.length > 10 ? 'Z' : ''}`);
  if (Number.isNaN(epochMs)) throw new UnknownKql('this datetime', node);
  return timestamp(epochMs);
};

const numberSql = (node: BoundNode, type: 'int' | 'long' | 'real'): string => {
  const source = inner(node);
  if (!/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(source)) throw new UnknownKql('this number', node);
  return `CAST(${source} AS ${duckType(type)})`;
};

/** A literal as SQL; throws for forms that are not known, such as `real(nan)` or guids. */
export const literalSql = (node: BoundNode): string => {
  const type = scalarOf(node);
  if (type === 'string') {
    if (node.stringValue === undefined) throw new UnknownKql('this string literal', node);
    return text(node.stringValue);
  }
  if (inner(node) === 'null' && type !== 'other') return `CAST(NULL AS ${duckType(type)})`;
  switch (type) {
    case 'bool':
      if (/^(?:true|false)$/i.test(inner(node))) return inner(node).toUpperCase();
      throw new UnknownKql('this boolean', node);
    case 'int':
    case 'long':
    case 'real':
      return numberSql(node, type);
    case 'timespan':
      return `CAST(${timespanUs(node)} AS BIGINT)`;
    case 'datetime':
      return datetimeSql(node);
    default:
      throw new UnknownKql('this literal', node);
  }
};

/** `dynamic(…)` as JSON; only what is JSON already (no nested datetimes or timespans). */
export const dynamicSql = (node: BoundNode): string => {
  const source = inner(node);
  try {
    JSON.parse(source);
  } catch {
    throw new UnknownKql('this dynamic literal (it is not plain JSON)', node);
  }
  return source === 'null' ? 'CAST(NULL AS JSON)' : `CAST(${text(source)} AS JSON)`;
};

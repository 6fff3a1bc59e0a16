import { argumentsOf, type BoundNode, type ScalarType, scalarOf } from './boundTree.ts';
import { duckType, dynamicText, NOW_SQL, type Scalar, text } from './sql.ts';
import { conversions } from './translateConversions.ts';
import { UnknownKql } from './unknownKql.ts';

interface Call {
  readonly node: BoundNode;
  readonly args: readonly BoundNode[];
  /** SQL of argument `index`. */
  readonly sql: (index: number) => string;
  /** KQL type of argument `index`. */
  readonly type: (index: number) => ScalarType;
}

const argument = (args: readonly BoundNode[], index: number, node: BoundNode): BoundNode => {
  const found = args[index];
  if (found === undefined) throw new UnknownKql(`a call without argument ${index + 1}`, node);
  return found;
};

/** Casts each branch to the type of the whole, so that `iff(x, 1, 2.5)` has one type. */
const branch = ({ node, args, sql }: Call, index: number): string => {
  const wanted = scalarOf(node);
  if (scalarOf(argument(args, index, node)) === wanted) return sql(index);
  if (wanted === 'other' || wanted === 'string') throw new UnknownKql('branches of different types', node);
  return `CAST(${sql(index)} AS ${duckType(wanted)})`;
};

const caseOf = (call: Call): string => {
  // On a null condition Kusto takes the last branch, except among booleans, where it gives null.
  if (scalarOf(call.node) === 'bool') throw new UnknownKql('a choice between booleans', call.node);
  const { args, sql } = call;
  const pairs = Array.from({ length: Math.floor(args.length / 2) }, (_, pair) => pair * 2);
  const when = pairs.map((at) => `WHEN ${sql(at)} THEN ${branch(call, at + 1)}`).join(' ');
  return `(CASE ${when} ELSE ${branch(call, args.length - 1)} END)`;
};

const isEmpty = ({ sql, type, node }: Call): string => {
  if (type(0) === 'string') return `(${sql(0)} = '')`;
  if (type(0) === 'dynamic') return `(${dynamicText(sql(0))} = '')`;
  if (type(0) === 'other') throw new UnknownKql('isempty of this', node);
  return `(${sql(0)} IS NULL)`;
};

const isNull = ({ sql, type }: Call): string =>
  type(0) === 'dynamic' ? `(coalesce(json_type(${sql(0)}), 'NULL') = 'NULL')` : `(${sql(0)} IS NULL)`;

const PARTS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'];

const datePart = (call: Call): string => {
  const part = argument(call.args, 0, call.node).stringValue?.toLowerCase() ?? '';
  if (!PARTS.includes(part) || part === 'week') throw new UnknownKql('this date part', call.node);
  return part;
};

/** Days from 0001-01-01, where Kusto's bins start, to 1970-01-01, in microseconds. */
const BIN_ORIGIN_US = '62135596800000000';

const BINNED: ReadonlySet<string> = new Set([
  ...['timespan timespan', 'int int', 'int long', 'long int', 'long long'],
  ...['real int', 'real long', 'real real'],
]);

const bin = ({ node, sql, type }: Call): string => {
  const step = sql(1);
  const types = `${type(0)} ${type(1)}`;
  if (types === 'datetime timespan') {
    const us = `(epoch_us(${sql(0)}) + ${BIN_ORIGIN_US})`;
    return `make_timestamp(${us} - (${us} % ${step}) - ${BIN_ORIGIN_US})`;
  }
  if (!BINNED.has(types)) throw new UnknownKql(`bin of ${type(0)} by ${type(1)}`, node);
  return `CAST(floor(CAST(${sql(0)} AS DOUBLE) / ${step}) * ${step} AS ${duckType(scalarOf(node))})`;
};

const strings = (call: Call): string[] =>
  call.args.map((arg, index) => {
    if (scalarOf(arg) !== 'string') throw new UnknownKql('strcat of no string (use tostring())', call.node);
    return call.sql(index);
  });

const numbers = (call: Call): string => {
  if (call.args.some((arg) => !['int', 'long', 'real', 'datetime', 'timespan'].includes(scalarOf(arg))))
    throw new UnknownKql('max_of or min_of over these types', call.node);
  return call.args.map((_, index) => branch(call, index)).join(', ');
};

const literalText = ({ args, node }: Call, index: number): string => {
  const value = argument(args, index, node).stringValue;
  if (value === undefined) throw new UnknownKql('an argument that is not a string literal', node);
  return value;
};

const DATE_TOKENS: Readonly<Record<string, string>> = {
  yyyy: '%Y',
  MM: '%m',
  dd: '%d',
  HH: '%H',
  mm: '%M',
  ss: '%S',
};

const formatDatetime = (call: Call): string => {
  const format = literalText(call, 1).replace(/[A-Za-z]+/g, (token) => {
    const known = DATE_TOKENS[token];
    if (known === undefined) throw new UnknownKql(`date format ${token}`, call.node);
    return known;
  });
  return `coalesce(strftime(${call.sql(0)}, ${text(format)}), '')`;
};

const extract = (call: Call): string => {
  if (call.args.length !== 3) throw new UnknownKql('extract with a type argument', call.node);
  return `regexp_extract(${call.sql(2)}, ${call.sql(0)}, CAST(${call.sql(1)} AS INTEGER))`;
};

const oneOf = (call: Call, allowed: readonly ScalarType[]): string => {
  if (!allowed.includes(call.type(0))) throw new UnknownKql(`a call over ${call.type(0)}`, call.node);
  return call.sql(0);
};

const shifted = (call: Call, operator: string): string =>
  `make_timestamp(epoch_us(${NOW_SQL}) ${operator} ${call.sql(0)})`;

const FUNCTIONS: Readonly<Record<string, (call: Call) => string>> = {
  now: (call) => (call.args.length === 0 ? NOW_SQL : shifted(call, '+')),
  ago: (call) => shifted(call, '-'),
  not: ({ sql }) => `(NOT ${sql(0)})`,
  iff: caseOf,
  iif: caseOf,
  case: caseOf,
  coalesce: (call) => {
    if (scalarOf(call.node) !== 'string')
      return `coalesce(${call.args.map((_, index) => branch(call, index)).join(', ')})`;
    return `coalesce(${call.args.map((_, index) => `nullif(${branch(call, index)}, '')`).join(', ')}, '')`;
  },
  isnull: isNull,
  isnotnull: (call) => `(NOT ${isNull(call)})`,
  isempty: isEmpty,
  isnotempty: (call) => `(NOT ${isEmpty(call)})`,
  datetime_diff: (call) => `date_diff(${text(datePart(call))}, ${call.sql(2)}, ${call.sql(1)})`,
  startofday: ({ sql }) => `CAST(date_trunc('day', ${sql(0)}) AS TIMESTAMP)`,
  startofmonth: ({ sql }) => `CAST(date_trunc('month', ${sql(0)}) AS TIMESTAMP)`,
  format_datetime: formatDatetime,
  bin,
  floor: bin,
  strcat: (call) => `(${strings(call).join(' || ')})`,
  tolower: (call) => `lower(${oneOf(call, ['string'])})`,
  toupper: (call) => `upper(${oneOf(call, ['string'])})`,
  strlen: (call) => `length(${oneOf(call, ['string'])})`,
  substring: (call) => {
    const length = call.args.length > 2 ? `, ${call.sql(2)}` : '';
    return `substr(${oneOf(call, ['string'])}, ${call.sql(1)} + 1${length})`;
  },
  replace_string: ({ sql }) => `replace(${sql(0)}, ${sql(1)}, ${sql(2)})`,
  split: (call) => {
    if (call.args.length !== 2) throw new UnknownKql('split with an index', call.node);
    return `to_json(string_split(${oneOf(call, ['string'])}, ${call.sql(1)}))`;
  },
  pack_array: (call) => {
    if (call.args.some((_, index) => call.type(index) !== 'string'))
      throw new UnknownKql('pack_array of anything but strings', call.node);
    return `json_array(${call.args.map((_, index) => call.sql(index)).join(', ')})`;
  },
  strcat_array: ({ sql }) =>
    `coalesce((SELECT string_agg(json_extract_string(value, '$'), ${sql(1)} ORDER BY CAST(key AS BIGINT)) FROM json_each(${sql(0)}, '$')), '')`,
  array_length: ({ sql }) => `CAST(json_array_length(${sql(0)}) AS BIGINT)`,
  extract,
  max_of: (call) => `greatest(${numbers(call)})`,
  min_of: (call) => `least(${numbers(call)})`,
  sqrt: (call) => `sqrt(CAST(${oneOf(call, ['int', 'long', 'real'])} AS DOUBLE))`,
  abs: (call) => `abs(${oneOf(call, ['int', 'long', 'real'])})`,
  round: (call) => {
    const digits = call.args.length > 1 ? call.sql(1) : '0';
    return `round(CAST(${oneOf(call, ['int', 'long', 'real'])} AS DOUBLE), CAST(${digits} AS INTEGER))`;
  },
};

/** The scalar functions that the translation knows, by KQL name. */
export const knownFunctions: readonly string[] = [...Object.keys(conversions), ...Object.keys(FUNCTIONS)];

/** A call of a built-in scalar function as SQL. */
export const functionSql = (node: BoundNode, scalar: Scalar): string => {
  const name = node.symbol?.name ?? '';
  const args = argumentsOf(node);
  const conversion = conversions[name];
  if (conversion !== undefined && args.length === 1) return conversion(argument(args, 0, node), scalar);
  const known = node.symbol?.kind === 'FunctionSymbol' ? FUNCTIONS[name] : undefined;
  if (known === undefined) throw new UnknownKql(`the function ${name || node.text}`, node);
  const at = (index: number) => argument(args, index, node);
  return known({ node, args, sql: (index) => scalar(at(index)), type: (index) => scalarOf(at(index)) });
};

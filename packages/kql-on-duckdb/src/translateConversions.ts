import { type BoundNode, isNumber, scalarOf } from './boundTree.ts';
import type { Scalar } from './sql.ts';
import { dynamicTextOf } from './translateMember.ts';
import { UnknownKql } from './unknownKql.ts';

const textOf = (node: BoundNode, scalar: Scalar): string => {
  switch (scalarOf(node)) {
    case 'string':
      return scalar(node);
    case 'dynamic':
      return dynamicTextOf(node, scalar);
    default:
      throw new UnknownKql(`conversion of ${scalarOf(node)}`, node);
  }
};

const toText = (node: BoundNode, scalar: Scalar): string => {
  const sql = scalar(node);
  switch (scalarOf(node)) {
    case 'int':
    case 'long':
    case 'bool':
      return `coalesce(CAST(${sql} AS VARCHAR), '')`;
    case 'datetime':
      // Kusto prints ticks of 100 ns: seven decimals.
      return `coalesce(strftime(${sql}, '%Y-%m-%dT%H:%M:%S.%f') || '0Z', '')`;
    default:
      return textOf(node, scalar);
  }
};

const toWhole = (type: 'INTEGER' | 'BIGINT') => (node: BoundNode, scalar: Scalar) => {
  const sql = scalar(node);
  switch (scalarOf(node)) {
    case 'int':
    case 'long':
    case 'bool':
      return `TRY_CAST(${sql} AS ${type})`;
    case 'real':
      return `TRY_CAST(trunc(${sql}) AS ${type})`;
    default: {
      const source = textOf(node, scalar);
      const whole = `regexp_full_match(${source}, '\\s*[+-]?\\d+\\s*')`;
      return `(CASE WHEN ${whole} THEN TRY_CAST(${source} AS ${type}) END)`;
    }
  }
};

const toReal = (node: BoundNode, scalar: Scalar) =>
  isNumber(scalarOf(node))
    ? `CAST(${scalar(node)} AS DOUBLE)`
    : `TRY_CAST(${textOf(node, scalar)} AS DOUBLE)`;

const toBool = (node: BoundNode, scalar: Scalar) => {
  if (scalarOf(node) === 'bool') return scalar(node);
  const source = `lower(trim(${textOf(node, scalar)}))`;
  return `(CASE ${source} WHEN 'true' THEN TRUE WHEN '1' THEN TRUE WHEN 'false' THEN FALSE WHEN '0' THEN FALSE END)`;
};

const toDatetime = (node: BoundNode, scalar: Scalar) =>
  scalarOf(node) === 'datetime'
    ? scalar(node)
    : `make_timestamp(epoch_us(TRY_CAST(${textOf(node, scalar)} AS TIMESTAMPTZ)))`;

/** Kusto keeps text that is no JSON as a dynamic string. */
const toDynamic = (node: BoundNode, scalar: Scalar) => {
  if (scalarOf(node) === 'dynamic') return scalar(node);
  const source = textOf(node, scalar);
  return `(CASE WHEN ${source} = '' THEN CAST(NULL AS JSON) ELSE coalesce(TRY_CAST(${source} AS JSON), to_json(${source})) END)`;
};

/** The `to…()` functions, by KQL name. Text that does not convert gives null, as in Kusto. */
export const conversions: Readonly<Record<string, (node: BoundNode, scalar: Scalar) => string>> = {
  tostring: toText,
  toint: toWhole('INTEGER'),
  tolong: toWhole('BIGINT'),
  toreal: toReal,
  todouble: toReal,
  tobool: toBool,
  todatetime: toDatetime,
  parse_json: toDynamic,
  todynamic: toDynamic,
};

import { type BoundNode, isNumber, items, part, type ScalarType, scalarOf } from './boundTree.ts';
import type { Scalar, ScalarScope } from './sql.ts';
import { UnknownKql } from './unknownKql.ts';

const comparable = (node: BoundNode, left: ScalarType, right: ScalarType): void => {
  if (left === 'dynamic' || right === 'dynamic')
    throw new UnknownKql('comparison of dynamic values (convert with tostring() first)', node);
  if (left === 'other' || right === 'other') throw new UnknownKql('comparison of these types', node);
  if (left !== right && !(isNumber(left) && isNumber(right)))
    throw new UnknownKql(`comparison of ${left} with ${right}`, node);
};

/**
 * `==` and `!=`. Kusto: a null equals no value (false, not null), and two nulls compare to null.
 * @see https://learn.microsoft.com/kusto/query/scalar-data-types/null-values
 */
export const equality = (node: BoundNode, scalar: Scalar, negated: boolean): string => {
  const left = part(node, 'Left');
  const right = part(node, 'Right');
  comparable(node, scalarOf(left), scalarOf(right));
  const [a, b] = [scalar(left), scalar(right)];
  if (scalarOf(left) === 'string') return `(${a} ${negated ? '<>' : '='} ${b})`;
  const distinct = `${a} IS ${negated ? '' : 'NOT '}DISTINCT FROM ${b}`;
  return `(CASE WHEN ${a} IS NULL AND ${b} IS NULL THEN NULL ELSE ${distinct} END)`;
};

/** `<`, `<=`, `>`, `>=`: null when either side is null. */
export const ordering = (node: BoundNode, scalar: Scalar, operator: string): string => {
  const left = part(node, 'Left');
  const right = part(node, 'Right');
  comparable(node, scalarOf(left), scalarOf(right));
  if (scalarOf(left) === 'bool') throw new UnknownKql('ordering of booleans', node);
  return `(${scalar(left)} ${operator} ${scalar(right)})`;
};

/** `between (a .. b)` and `!between`, both ends included. */
export const between = (node: BoundNode, scalar: Scalar, negated: boolean): string => {
  const left = part(node, 'Left');
  const couple = part(node, 'Right');
  const [first, second] = [part(couple, 'First'), part(couple, 'Second')];
  comparable(node, scalarOf(left), scalarOf(first));
  comparable(node, scalarOf(left), scalarOf(second));
  return `(${scalar(left)} ${negated ? 'NOT ' : ''}BETWEEN ${scalar(first)} AND ${scalar(second)})`;
};

const LIST = 'SELECT value FROM json_each';

/**
 * `in`, `!in`, `in~`, `!in~` over strings: against literals and expressions, one dynamic array, or the only
 * column of a subquery.
 */
export const membership = (
  node: BoundNode,
  { scalar, scope, negated, ignoreCase }: MembershipOptions,
): string => {
  const left = part(node, 'Left');
  const type = scalarOf(left);
  const list = items(part(node, 'Right'), 'Expressions');
  const [only] = list;
  if (type !== 'string' && (ignoreCase || !isNumber(type)))
    throw new UnknownKql(`'in' over ${type} values`, node);
  const fold = (sql: string) => (ignoreCase ? `lower(${sql})` : sql);
  const not = negated ? 'NOT ' : '';
  if (list.length === 1 && only?.type?.kind === 'table') {
    if (only.type.columns.length !== 1 || only.type.columns[0]?.type !== type)
      throw new UnknownKql("'in' over a subquery that is not one column of the same type", node);
    const column = `SELECT ${fold('value')} FROM (${scope.subquery(only)}) AS t(value)`;
    return `(${fold(scalar(left))} ${not}IN (${column}))`;
  }
  if (list.length === 1 && only !== undefined && scalarOf(only) === 'dynamic') {
    if (type !== 'string') throw new UnknownKql("'in' of a number over a dynamic array", node);
    const values = `${LIST}(${scalar(only)}, '$')`;
    const strings = `SELECT ${fold("json_extract_string(value, '$')")} FROM (${values}) AS t(value)`;
    return `(${fold(scalar(left))} ${not}IN (${strings}))`;
  }
  for (const element of list) comparable(node, type, scalarOf(element));
  return `(${fold(scalar(left))} ${not}IN (${list.map((element) => fold(scalar(element))).join(', ')}))`;
};

export interface MembershipOptions {
  readonly scalar: Scalar;
  readonly scope: ScalarScope;
  readonly negated: boolean;
  readonly ignoreCase: boolean;
}

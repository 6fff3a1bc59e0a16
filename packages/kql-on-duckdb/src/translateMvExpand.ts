import { type BoundNode, items, optionalPart, part, scalarOf } from './boundTree.ts';
import { asNamed, fromSql } from './rows.ts';
import { identifier, type Scalar, text } from './sql.ts';
import type { Step } from './translateTabular.ts';
import { UnknownKql } from './unknownKql.ts';

const REFUSAL = 'KQL on DuckDB knows mv-expand of lists of strings only, and met';

/** What an array holds that is no string Kusto may or may not turn into text: nobody has worked it out. */
const stringSql = (element: string): string =>
  `CASE coalesce(json_type(${element}), 'NULL') WHEN 'NULL' THEN '' WHEN 'VARCHAR' THEN json_extract_string(${element}, '$') ELSE error(${text(`${REFUSAL} another element`)}) END`;

/** Null is one row without a value, an empty array is no row at all. */
const listSql = (array: string): string =>
  `CASE coalesce(json_type(${array}), 'NULL') WHEN 'NULL' THEN [''] WHEN 'ARRAY' THEN list_transform(CAST(${array} AS JSON[]), e -> ${stringSql('e')}) ELSE error(${text(`${REFUSAL} a value that is no array`)}) END`;

const typeOf = (expanded: BoundNode): string | undefined => {
  const clause = optionalPart(expanded, 'ToTypeOf');
  return clause === undefined ? undefined : part(clause, 'TypeOf').symbol?.name;
};

const named = (node: BoundNode, scalar: Scalar): readonly [string, string] => {
  const value = node.kind === 'SimpleNamedExpression' ? part(node, 'Expression') : node;
  const { symbol } = node.kind === 'SimpleNamedExpression' ? part(node, 'Name') : node;
  if (symbol?.kind !== 'ColumnSymbol') throw new UnknownKql('an mv-expand without a name', node);
  if (scalarOf(value) !== 'dynamic') throw new UnknownKql('mv-expand of no dynamic value', node);
  return [symbol.name, scalar(value)];
};

/**
 * `mv-expand [Name =] array to typeof(string)`: a row for each element, in which a column of that name is
 * replaced. One array at a time, and of strings only; anything else is refused, here or as it runs.
 * @see https://learn.microsoft.com/kusto/query/mv-expand-operator
 */
export const mvExpandSql = (node: BoundNode, step: Step): string => {
  const [expanded, ...others] = items(node, 'Expressions');
  if (expanded === undefined || others.length > 0) throw new UnknownKql('mv-expand of several arrays', node);
  if (items(node, 'Parameters').length > 0) throw new UnknownKql('a parameter of mv-expand', node);
  if (optionalPart(node, 'RowLimitClause') !== undefined)
    throw new UnknownKql('mv-expand with a limit', node);
  if (typeOf(expanded) !== 'string') throw new UnknownKql('mv-expand without "to typeof(string)"', node);
  const [name, array] = named(part(expanded, 'Expression'), step.scalar);
  const columns = step.output.flatMap((column) => {
    if (column.name === name) return [asNamed(`unnest(${listSql(array)})`, name)];
    return step.wanted.has(column.name) ? [identifier(column.name)] : [];
  });
  return `SELECT ${columns.join(', ')} ${fromSql(step.rows)}`;
};

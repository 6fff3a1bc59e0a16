import { argumentsOf, type BoundNode, type Column, columnsOf, items, part } from './boundTree.ts';
import type { BoundQuery } from './language.ts';
import { identifier, type Scalar } from './sql.ts';
import { joinSql } from './translateJoin.ts';
import { orderOf, rowNumberSql } from './translateRowNumber.ts';
import { scalarTranslator } from './translateScalar.ts';
import { datatableSql, printSql, rangeSql, unionLeg } from './translateSources.ts';
import { OPERATORS } from './translateTabular.ts';
import { UnknownKql } from './unknownKql.ts';

/** A query as DuckDB SQL over the tables of a `kqlDatabase`, with the columns of its rows. */
export interface TranslatedQuery {
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** Kusto keeps `Vault` and `vault` apart, DuckDB does not: such a pair would silently be one column. */
const distinctNames = (columns: readonly Column[], node: BoundNode): void => {
  const names = new Set(columns.map((column) => column.name.toLowerCase()));
  if (names.size !== columns.length) throw new UnknownKql('two columns that differ in case only', node);
};

/** What these yield does not depend on the order of what they are given: a sort before them need not be done. */
const REORDERS: ReadonlySet<string> = new Set([
  'SortOperator',
  'TopOperator',
  'SummarizeOperator',
  'DistinctOperator',
  'CountOperator',
  'JoinOperator',
  'UnionOperator',
]);

/**
 * Translates a bound query to SQL: one common table expression a step. It is a model of Kusto, not Kusto:
 * what it does not know it refuses with UnknownKql, and a query with diagnostics is refused too.
 */
export const translate = (query: BoundQuery): TranslatedQuery => {
  const [fault] = query.diagnostics;
  if (fault !== undefined) throw new Error(`${fault.code} at ${fault.start}: ${fault.message}`);

  const steps: string[] = [];
  const tables = new Map<string, string>();
  const scalars = new Map<string, string>();
  const add = (sql: string): string => {
    const name = `s${steps.length}`;
    steps.push(`${name} AS (${sql})`);
    return name;
  };
  const subquery = (inner: BoundNode) => `SELECT * FROM ${tabular(inner)}`;
  /** Expressions over rows that stand in the order of `source`, or in none. */
  const scalarOver = (source?: BoundNode): Scalar => {
    const rowNumber = (node: BoundNode) =>
      rowNumberSql(node, source === undefined ? undefined : orderOf(source, scalar));
    return scalarTranslator({ scalars, subquery, rowNumber });
  };
  const scalar = scalarOver();

  const reference = (node: BoundNode): string => {
    const { kind, name } = node.symbol ?? { kind: '', name: '' };
    if (kind === 'TableSymbol') return identifier(name);
    const bound = kind === 'VariableSymbol' ? tables.get(name) : undefined;
    if (bound === undefined) throw new UnknownKql(`the table ${name || node.text}`, node);
    return bound;
  };

  const union = (node: BoundNode, first: { from: string; columns: readonly Column[] }[]): string => {
    if (items(node, 'Parameters').length > 0) throw new UnknownKql('a parameter of union', node);
    const rest = items(node, 'Expressions').map((leg) => ({ from: tabular(leg), columns: columnsOf(leg) }));
    const wanted = columnsOf(node);
    const legs = [...first, ...rest].map((leg) => unionLeg(leg.from, { has: leg.columns, wanted, node }));
    return add(legs.join(' UNION ALL '));
  };

  const pipe = (node: BoundNode, inOrder: boolean): string => {
    const source = part(node, 'Expression');
    const operator = part(node, 'Operator');
    const from = tabular(
      source,
      operator.kind === 'TakeOperator' || (inOrder && !REORDERS.has(operator.kind)),
    );
    if (operator.kind === 'SortOperator' && !inOrder) return from;
    const isExtend = operator.kind === 'ExtendOperator';
    const step = {
      ...{ from, input: columnsOf(source), output: columnsOf(node) },
      scalar: isExtend ? scalarOver(source) : scalar,
    };
    distinctNames(step.output, operator);
    if (operator.kind === 'UnionOperator') return union(operator, [{ from, columns: step.input }]);
    if (operator.kind === 'JoinOperator') {
      const right = part(operator, 'Expression');
      return add(joinSql(operator, step, tabular(right), columnsOf(right)));
    }
    const known = OPERATORS[operator.kind];
    if (known === undefined) throw new UnknownKql(`the operator ${operator.kind}`, operator);
    return add(known(operator, step));
  };

  const call = (node: BoundNode): string => {
    const [only] = argumentsOf(node);
    if (node.symbol?.name !== 'materialize' || only === undefined)
      throw new UnknownKql(`the function ${node.symbol?.name ?? node.text}`, node);
    return tabular(only);
  };

  /** @param inOrder false where whoever reads the rows puts them into an order of its own, or needs none */
  const tabular = (node: BoundNode, inOrder = true): string => {
    switch (node.kind) {
      case 'PipeExpression':
        return pipe(node, inOrder);
      case 'NameReference':
        return reference(node);
      case 'ParenthesizedExpression':
        return tabular(part(node, 'Expression'), inOrder);
      case 'FunctionCallExpression':
      case 'MaterializeExpression':
        return node.kind === 'MaterializeExpression' ? tabular(part(node, 'Expression')) : call(node);
      case 'DataTableExpression':
        return add(datatableSql(node, scalar));
      case 'PrintOperator':
        return add(printSql(node, scalar));
      case 'RangeOperator':
        return add(rangeSql(node, scalar));
      case 'UnionOperator':
        return union(node, []);
      default:
        throw new UnknownKql(`the table expression ${node.kind}`, node);
    }
  };

  const declare = (statement: BoundNode): void => {
    const name = part(statement, 'Name').symbol?.name ?? part(statement, 'Name').text;
    const value = part(statement, 'Expression');
    if (value.type?.kind === 'table') tables.set(name, tabular(value));
    else scalars.set(name, `(${scalar(value)})`);
  };

  const statements = items(query.root, 'Statements');
  let last: { from: string; columns: readonly Column[] } | undefined;
  for (const statement of statements) {
    if (last !== undefined) throw new UnknownKql('a second query in one text', statement);
    if (statement.kind === 'LetStatement') declare(statement);
    else if (statement.kind === 'ExpressionStatement') {
      const expression = part(statement, 'Expression');
      last = { from: tabular(expression), columns: columnsOf(expression) };
    } else throw new UnknownKql(`the statement ${statement.kind}`, statement);
  }
  if (last === undefined) throw new Error('the query yields no rows: it has only let statements');
  distinctNames(last.columns, query.root);
  const head = steps.length === 0 ? '' : `WITH ${steps.join(',\n')}\n`;
  return { sql: `${head}SELECT * FROM ${last.from}`, columns: last.columns };
};

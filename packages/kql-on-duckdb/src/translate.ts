import {
  argumentsOf,
  type BoundNode,
  type Column,
  columnsOf,
  items,
  optionalPart,
  part,
} from './boundTree.ts';
import type { BoundQuery } from './language.ts';
import { columnsNamed, fromSql, namesOf, plainSelect, type Rows, type Wanted, wantedOf } from './rows.ts';
import { identifier, type Scalar } from './sql.ts';
import { joinSql } from './translateJoin.ts';
import { orderOf, rowNumberSql, sortUnder } from './translateRowNumber.ts';
import { scalarTranslator } from './translateScalar.ts';
import { datatableSql, printSql, rangeSql, unionLeg } from './translateSources.ts';
import { columnsRead, OPERATORS, type Place, plain } from './translateTabular.ts';
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

/** A `let` of a table, and which of its columns are read. */
interface TableLet {
  readonly name: string;
  readonly value: BoundNode;
  readonly wanted: Set<string>;
  reads: number;
}

/**
 * Translates a bound query to SQL: one common table expression a step, with the columns that are read after it. It is a
 * model of Kusto, not Kusto: what it does not know it refuses with UnknownKql, and a query with diagnostics is refused
 * too.
 */
export const translate = (query: BoundQuery): TranslatedQuery => {
  const [fault] = query.diagnostics;
  if (fault !== undefined) throw new Error(`${fault.code} at ${fault.start}: ${fault.message}`);

  let steps: string[] = [];
  let named = 0;
  const tables = new Map<string, TableLet>();
  const scalars = new Map<string, string>();
  const add = (sql: string): string => {
    const name = `s${named++}`;
    steps.push(`${name} AS (${sql})`);
    return name;
  };
  const subquery = (inner: BoundNode) => selectOf(inner, namesOf(columnsOf(inner)), true);
  /** Expressions over rows that stand in the order of `source`, or in none. */
  const scalarOver = (source?: BoundNode): Scalar => {
    const rowNumber = (node: BoundNode) =>
      rowNumberSql(node, source === undefined ? undefined : orderOf(source, scalar));
    return scalarTranslator({ scalars, subquery, rowNumber });
  };
  const scalar = scalarOver();

  const reference = (node: BoundNode, wanted: Wanted): string => {
    const { kind, name } = node.symbol ?? { kind: '', name: '' };
    if (kind === 'TableSymbol') return identifier(name);
    const bound = kind === 'VariableSymbol' ? tables.get(name) : undefined;
    if (bound === undefined) throw new UnknownKql(`the table ${name || node.text}`, node);
    bound.reads += 1;
    for (const column of wanted) bound.wanted.add(column);
    return bound.name;
  };

  const unionSql = (node: BoundNode, first: readonly BoundNode[], wanted: Wanted): string => {
    if (items(node, 'Parameters').length > 0) throw new UnknownKql('a parameter of union', node);
    const output = columnsOf(node);
    const legs = [...first, ...items(node, 'Expressions')].map((leg) => {
      const from = fromSql(rowsOf(leg, wanted, false));
      return unionLeg(from, { has: columnsOf(leg), output, wanted, node });
    });
    return legs.join(' UNION ALL ');
  };

  const joined = (node: BoundNode, place: Place): string => {
    const [source, operator] = [part(node, 'Expression'), part(node, 'Operator')];
    const keys = columnsNamed(part(operator, 'ConditionClause'));
    const side = (rows: BoundNode, output: readonly Column[]) => {
      const columns = columnsOf(rows);
      const named = columns.filter((_, index) => place.wanted.has(output[index]?.name ?? ''));
      const read = new Set([...namesOf(named), ...keys]);
      return { rows: rowsOf(rows, read, false), columns, output, read };
    };
    const [left, right] = [place.output.slice(0, place.input.length), place.output.slice(place.input.length)];
    return joinSql(operator, place.wanted, side(source, left), side(part(operator, 'Expression'), right));
  };

  /** An operator over what it is given, as one SELECT. */
  const pipeSql = (node: BoundNode, wanted: Wanted, inOrder: boolean): string => {
    const [source, operator] = [part(node, 'Expression'), part(node, 'Operator')];
    if (operator.kind === 'UnionOperator') return unionSql(operator, [source], wanted);
    const place = { input: columnsOf(source), output: columnsOf(node), wanted };
    if (operator.kind === 'JoinOperator') return joined(node, place);
    const known = OPERATORS[operator.kind];
    if (known === undefined) throw new UnknownKql(`the operator ${operator.kind}`, operator);
    const isExtend = operator.kind === 'ExtendOperator';
    // Rows are numbered by what they are sorted by.
    const sort = isExtend ? sortUnder(source) : undefined;
    const read = new Set([
      ...columnsRead(operator, place),
      ...(sort === undefined ? [] : columnsNamed(sort)),
    ]);
    const mustStand = operator.kind === 'TakeOperator' || (inOrder && !REORDERS.has(operator.kind));
    const rows = rowsOf(source, read, mustStand);
    return known(operator, { ...place, rows, scalar: isExtend ? scalarOver(source) : scalar });
  };

  const materialized = (node: BoundNode): BoundNode => {
    if (node.kind === 'MaterializeExpression') return part(node, 'Expression');
    const [only] = argumentsOf(node);
    if (node.symbol?.name !== 'materialize' || only === undefined)
      throw new UnknownKql(`the function ${node.symbol?.name ?? node.text}`, node);
    return only;
  };

  /** Where this is the rows of something else, or some of them: those. */
  const within = (node: BoundNode, inOrder: boolean): BoundNode | undefined => {
    if (node.kind === 'ParenthesizedExpression') return part(node, 'Expression');
    if (node.kind === 'FunctionCallExpression' || node.kind === 'MaterializeExpression')
      return materialized(node);
    const operator = optionalPart(node, 'Operator')?.kind;
    const isSame = operator === 'FilterOperator' || operator === 'RenderOperator';
    const isUnsorted = operator === 'SortOperator' && !inOrder;
    return node.kind === 'PipeExpression' && (isSame || isUnsorted) ? part(node, 'Expression') : undefined;
  };

  /** @param inOrder false where whoever reads the rows puts them into an order of its own, or needs none */
  const rowsOf = (node: BoundNode, asked: Wanted, inOrder: boolean): Rows => {
    const wanted = namesOf(wantedOf(columnsOf(node), asked));
    if (node.kind === 'NameReference') return { from: reference(node, wanted), where: [] };
    const inner = within(node, inOrder);
    if (inner === undefined) return { from: add(selectOf(node, wanted, inOrder)), where: [] };
    const operator = optionalPart(node, 'Operator');
    if (operator?.kind !== 'FilterOperator') return rowsOf(inner, wanted, inOrder);
    plain(operator);
    const condition = part(operator, 'Condition');
    const { from, where } = rowsOf(inner, new Set([...wanted, ...columnsNamed(condition)]), inOrder);
    return { from, where: [...where, scalar(condition)] };
  };

  const selectOf = (node: BoundNode, asked: Wanted, inOrder: boolean): string => {
    const columns = columnsOf(node);
    distinctNames(columns, node);
    const wanted = namesOf(wantedOf(columns, asked));
    if (node.kind === 'NameReference' || within(node, inOrder) !== undefined)
      return plainSelect(rowsOf(node, wanted, inOrder), columns, wanted);
    switch (node.kind) {
      case 'PipeExpression':
        return pipeSql(node, wanted, inOrder);
      case 'DataTableExpression':
        return datatableSql(node, scalar);
      case 'PrintOperator':
        return printSql(node, scalar);
      case 'RangeOperator':
        return rangeSql(node, scalar);
      case 'UnionOperator':
        return unionSql(node, [], wanted);
      default:
        throw new UnknownKql(`the table expression ${node.kind}`, node);
    }
  };

  const declare = (statement: BoundNode): void => {
    const name = part(statement, 'Name').symbol?.name ?? part(statement, 'Name').text;
    const value = part(statement, 'Expression');
    if (value.type?.kind !== 'table') scalars.set(name, `(${scalar(value)})`);
    else tables.set(name, { name: `t${tables.size}`, value, wanted: new Set(), reads: 0 });
  };

  let last: BoundNode | undefined;
  for (const statement of items(query.root, 'Statements')) {
    if (last !== undefined) throw new UnknownKql('a second query in one text', statement);
    if (statement.kind === 'LetStatement') declare(statement);
    else if (statement.kind === 'ExpressionStatement') last = part(statement, 'Expression');
    else throw new UnknownKql(`the statement ${statement.kind}`, statement);
  }
  if (last === undefined) throw new Error('the query yields no rows: it has only let statements');
  const columns = columnsOf(last);
  const sql = selectOf(last, namesOf(columns), true);
  // Last first: what is read of one is known when all after it are translated.
  for (const { name, value, wanted, reads } of [...tables.values()].toReversed()) {
    if (reads === 0) continue;
    const after = steps;
    steps = [];
    const select = selectOf(value, wanted, true);
    steps.push(`${name} AS ${reads > 1 ? 'MATERIALIZED ' : ''}(${select})`, ...after);
  }
  const head = steps.length === 0 ? '' : `WITH ${steps.join(',\n')}\n`;
  return { sql: `${head}${sql}`, columns };
};

import { argumentsOf, type BoundNode, type ScalarType, scalarOf } from './boundTree.ts';
import { duckType, type Scalar } from './sql.ts';
import { UnknownKql } from './unknownKql.ts';

/** The output columns of an aggregate as SQL. An arg_max yields several. */
export type AggregateSql = readonly string[];

interface Call {
  readonly node: BoundNode;
  readonly args: readonly BoundNode[];
  readonly sql: (index: number) => string;
}

const filter = (condition: string) => ` FILTER (WHERE ${condition})`;

const sum = ({ node, sql }: Call, condition?: string): string => {
  const total = `sum(${sql(0)})${condition === undefined ? '' : filter(condition)}`;
  // Kusto sums nothing to 0, where SQL says NULL.
  return `CAST(coalesce(${total}, 0) AS ${duckType(scalarOf(node))})`;
};

const ORDERED: readonly ScalarType[] = ['int', 'long', 'real', 'datetime', 'timespan', 'string'];

const extreme = (name: 'min' | 'max', { node, args, sql }: Call, condition?: string): string => {
  const type = args[0] === undefined ? 'other' : scalarOf(args[0]);
  if (!ORDERED.includes(type)) throw new UnknownKql(`${name} of ${type}`, node);
  const found = `${name}(${sql(0)})${condition === undefined ? '' : filter(condition)}`;
  return type === 'string' ? `coalesce(${found}, '')` : found;
};

/** @param most the place of the argument that says how many at most */
const setOf = ({ node, args, sql }: Call, most: number, condition = 'TRUE'): string => {
  if (args.length > most + 1) throw new UnknownKql('this call', node);
  if (args[0] !== undefined && scalarOf(args[0]) === 'dynamic')
    throw new UnknownKql('a set of dynamic', node);
  const value = sql(0);
  // A set has no order in Kusto; it is sorted here, after it is made, so that answers can be compared.
  const list = `list_sort(coalesce(list(DISTINCT ${value}) FILTER (WHERE ${value} IS NOT NULL AND ${condition}), []))`;
  const size = args.length > most ? `list_slice(${list}, 1, ${sql(most)})` : list;
  return `to_json(${size})`;
};

const AGGREGATES: Readonly<Record<string, (call: Call) => string>> = {
  count: ({ args, node }) => {
    if (args.length > 0) throw new UnknownKql('count with an argument', node);
    return 'count(*)';
  },
  countif: ({ sql }) => `count(*)${filter(sql(0))}`,
  sum: (call) => sum(call),
  sumif: (call) => sum(call, call.sql(1)),
  dcount: ({ sql }) => `count(DISTINCT ${sql(0)})`,
  dcountif: ({ sql }) => `count(DISTINCT ${sql(0)})${filter(sql(1))}`,
  min: (call) => extreme('min', call),
  max: (call) => extreme('max', call),
  minif: (call) => extreme('min', call, call.sql(1)),
  maxif: (call) => extreme('max', call, call.sql(1)),
  avg: ({ sql }) => `avg(CAST(${sql(0)} AS DOUBLE))`,
  avgif: ({ sql }) => `avg(CAST(${sql(0)} AS DOUBLE))${filter(sql(1))}`,
  // No make_list: it keeps the order of sorted rows, and has none otherwise.
  make_set: (call) => setOf(call, 1),
  make_set_if: (call) => setOf(call, 2, call.sql(1)),
  take_any: ({ sql, args, node }) => {
    if (args.length !== 1) throw new UnknownKql('take_any of several columns', node);
    return `first(${sql(0)})`;
  },
};

/** The aggregates that the translation knows, by KQL name. */
export const knownAggregates: readonly string[] = [...Object.keys(AGGREGATES), 'arg_max', 'arg_min'];

/**
 * arg_max and arg_min: the columns of one and the same row, the first with the largest (smallest) first
 * argument: of rows that tie, each column's aggregate sees the same one first, as there is one thread.
 * An aggregate a column, so that DuckDB drops those that nobody reads. `wanted` is what a `*` stands for.
 */
const argExtreme = (call: Call, wanted: readonly string[], scalar: Scalar): AggregateSql => {
  const { args, sql, node } = call;
  const by = sql(0);
  const others = args.slice(1).flatMap((arg) => (arg.kind === 'StarExpression' ? wanted : [scalar(arg)]));
  if (args.some((arg) => arg.kind === 'SimpleNamedExpression'))
    throw new UnknownKql('a renamed arg_max', node);
  const pick = node.symbol?.name === 'arg_max' ? 'arg_max_null' : 'arg_min_null';
  const extremeOf = pick === 'arg_max_null' ? 'max' : 'min';
  return [`${extremeOf}(${by})`, ...others.map((other) => `${pick}(${other}, ${by})`)];
};

/** An aggregate call as SQL, one entry per output column. */
export const aggregateSql = (node: BoundNode, scalar: Scalar, wanted: readonly string[]): AggregateSql => {
  const name = node.symbol?.name ?? '';
  const args = argumentsOf(node);
  const sql = (index: number): string => {
    const arg = args[index];
    if (arg === undefined) throw new UnknownKql(`${name} without argument ${index + 1}`, node);
    return scalar(arg);
  };
  const call = { node, args, sql };
  if (name === 'arg_max' || name === 'arg_min') return argExtreme(call, wanted, scalar);
  const known = AGGREGATES[name];
  if (known === undefined) throw new UnknownKql(`the aggregate ${name || node.text}`, node);
  return [known(call)];
};

import { type BoundNode, items, optionalPart, part, scalarOf, walk } from 'kql-on-duckdb/boundTree';
import type { BoundQuery } from 'kql-on-duckdb/language';
import { timespanUs } from 'kql-on-duckdb/literals';
import { lintDeployment } from './lintDeployment.ts';
import { lintProperties } from './lintProperties.ts';
import { mostRows } from './mostRows.ts';

/** A fault that the language service cannot see. */
export interface LintFault {
  readonly rule: string;
  readonly message: string;
}

const TWO_DAYS_US = 172_800_000_000;

/** Operators and functions that alert rules refuse, or whose result columns nobody can check. */
const FORBIDDEN = ['bag_unpack', 'pivot', 'narrow'];

const SAMPLED = ['AppRequests', 'AppDependencies', 'AppEvents', 'AppExceptions', 'AppTraces'];

const isCallOf = (node: BoundNode, ...names: readonly string[]): boolean =>
  node.kind === 'FunctionCallExpression' && names.includes(part(node, 'Name').text);

const resultCodes = (node: BoundNode): LintFault[] => {
  if (node.kind !== 'BinaryExpression') return [];
  const [left, right] = [optionalPart(node, 'Left'), optionalPart(node, 'Right')];
  if (left === undefined || right === undefined) return [];
  const sides = [left, right];
  const code = sides.find((side) => side.symbol?.name === 'ResultCode');
  if (code === undefined || sides.every((side) => scalarOf(side) === 'string')) return [];
  return [{ rule: 'result-code', message: `ResultCode is text, here it meets something else: ${node.text}` }];
};

const lookback = (node: BoundNode): LintFault[] => {
  if (!isCallOf(node, 'ago')) return [];
  const span = items(part(node, 'ArgumentList'), 'Expressions')[0];
  if (span?.kind !== 'LiteralExpression')
    return [{ rule: 'ago-literal', message: `an alert allows ago() of a literal only: ${node.text}` }];
  if (timespanUs(span) <= TWO_DAYS_US) return [];
  return [{ rule: 'lookback', message: `an alert sees at most two days: ${node.text}` }];
};

const forbidden = (node: BoundNode): LintFault[] => {
  const name = isCallOf(node, ...FORBIDDEN) ? part(node, 'Name').text : undefined;
  const reserved = node.kind === 'NameDeclaration' && node.text === 'AggregatedValue' ? node.text : undefined;
  const found = name ?? reserved;
  return found === undefined ? [] : [{ rule: 'forbidden', message: `${found} is not allowed in an alert` }];
};

/** The alert service makes no rule of such a query, unless it joins whole resources. */
const scattered = (node: BoundNode): LintFault[] =>
  ['UnionOperator', 'SearchOperator', 'FindOperator'].includes(node.kind)
    ? [{ rule: 'forbidden', message: `an alert names its tables one by one, without ${node.text}` }]
    : [];

/** What a clock that is ahead wrote is the latest until its time comes: until then it must not count. */
const future = (node: BoundNode): LintFault[] => {
  const table = node.kind === 'PipeExpression' ? part(node, 'Expression') : undefined;
  if (table?.kind !== 'NameReference' || table.symbol?.kind !== 'TableSymbol') return [];
  const isBounded = ({ kind, text }: BoundNode) =>
    kind === 'BetweenExpression' && /^TimeGenerated between \(.+ \.\. now\(\)\)$/.test(text);
  if ([...walk(part(node, 'Operator'))].some(isBounded)) return [];
  return [{ rule: 'future', message: `say where TimeGenerated between (ago(…) .. now()): ${table.text}` }];
};

/** The table at the start of a pipe that nothing has grouped yet; undefined when something has. */
const rawTable = (node: BoundNode): string | undefined => {
  if (node.kind === 'NameReference') return node.symbol?.name;
  if (node.kind !== 'PipeExpression') return undefined;
  const operator = part(node, 'Operator').kind;
  const keepsItems = ['FilterOperator', 'ExtendOperator', 'ProjectOperator'].includes(operator);
  return keepsItems ? rawTable(part(node, 'Expression')) : undefined;
};

const itemCounts = (node: BoundNode): LintFault[] => {
  if (node.kind !== 'PipeExpression' || part(node, 'Operator').kind !== 'SummarizeOperator') return [];
  if (!SAMPLED.includes(rawTable(part(node, 'Expression')) ?? '')) return [];
  return [...walk(part(node, 'Operator'))]
    .filter((child) => isCallOf(child, 'count', 'countif'))
    .map((child) => ({
      rule: 'item-count',
      message: `an item may stand for several: use sum(ItemCount) or sumif(ItemCount, …), not ${child.text}`,
    }));
};

/** What holds for every query: result codes as text, items counted by ItemCount, keys from the catalog. */
export const lintQuery = (query: BoundQuery): LintFault[] => [
  ...[...walk(query.root)].flatMap((node) => [...resultCodes(node), ...itemCounts(node)]),
  ...lintProperties(query.root),
];

/**
 * Over 300 combinations of dimensions the service fails the whole evaluation of a rule, so none may yield as many
 * rows, whatever happens; 200 leaves room for a service that counts in another way.
 */
const MOST_ALERTS = 200;

/** What alert rules demand beyond that. */
export const lintAlert = (query: BoundQuery): LintFault[] => {
  const faults = [...walk(query.root)].flatMap((node) => [
    ...lookback(node),
    ...future(node),
    ...forbidden(node),
    ...scattered(node),
  ]);
  if (!/^\/\/ Meaning: .+\n\/\/ Do: .+\n\/\/ Runbook: infra\/alerts\/[\w-]+\/runbook\.md\n/m.test(query.text))
    faults.push({
      rule: 'head',
      message: 'a query of its own starts with the lines Meaning, Do and Runbook',
    });
  const most = mostRows(query);
  if (most === undefined || most > MOST_ALERTS)
    faults.push({
      rule: 'bound',
      message: `nothing proves that it yields at most ${MOST_ALERTS} rows: end it in extend Place = min_of(row_number(), MostAlerts) | summarize … by Place`,
    });
  return [...lintQuery(query), ...lintDeployment(query.root), ...faults];
};

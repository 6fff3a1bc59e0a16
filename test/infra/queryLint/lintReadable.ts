import { type BoundNode, items, part } from 'kql-on-duckdb/boundTree';
import type { BoundQuery } from 'kql-on-duckdb/language';
import type { LintFault } from './lint.ts';

/** Says nothing that a name could say better: none, one, and the units in which a time is counted. */
const PLAIN = /^(?:[01](?:\.0)?|1(?:d|h|m|s|ms))$/;

/** Where a number stands with its reason, or for a time that the service wants as a literal. */
const isNamed = (node: BoundNode): boolean =>
  (node.kind === 'LetStatement' && part(node, 'Expression').kind === 'LiteralExpression') ||
  node.kind === 'DataTableExpression' ||
  (node.kind === 'FunctionCallExpression' && part(node, 'Name').text === 'ago');

const bareNumbers = (node: BoundNode): BoundNode[] => {
  if (isNamed(node)) return [];
  if (node.kind === 'LiteralExpression') return /^\d/.test(node.text) && !PLAIN.test(node.text) ? [node] : [];
  return node.children.flatMap(bareNumbers);
};

const LISTS = ['ProjectOperator', 'ExtendOperator', 'SummarizeOperator'];

/** What an operator makes, one expression a column. */
const made = (node: BoundNode): readonly BoundNode[] =>
  items(node, node.kind === 'SummarizeOperator' ? 'Aggregates' : 'Expressions');

const crowded = (text: string, node: BoundNode): BoundNode[] => {
  const inner = node.children.flatMap((child) => crowded(text, child));
  if (!LISTS.includes(node.kind)) return inner;
  const lineOf = ({ start }: BoundNode) => text.slice(0, start).split('\n').length;
  const lines = [node, ...made(node)].map(lineOf);
  return made(node).length > 1 && new Set(lines).size < lines.length ? [node, ...inner] : inner;
};

export const longLines = (text: string): LintFault[] =>
  text
    .split('\n')
    // A text that has a line of its own is nothing to wrap.
    .filter((line) => line.length > 120 && !/^ *"(?:[^"\\]|\\.)*",?$/.test(line))
    .map((line) => ({ rule: 'line', message: `longer than 120 characters: ${line.slice(0, 40)}…` }));

/** What a person who reads a query stumbles over: numbers without a name and a reason, and several columns in a line. */
export const lintReadable = ({ root, text }: BoundQuery): LintFault[] => [
  ...bareNumbers(root).map((node) => ({
    rule: 'number',
    message: `give ${node.text} a name by let, and say why: ${text.slice(node.start - 40, node.start)}${node.text}`,
  })),
  ...crowded(text, root).map((node) => ({
    rule: 'column',
    message: `one column a line: ${node.text.slice(0, 80)}`,
  })),
  ...longLines(text),
];

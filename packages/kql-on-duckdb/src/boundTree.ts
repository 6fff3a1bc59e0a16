/** The KQL scalar types that the translation knows; `dynamic` includes its array and bag forms. */
export const SCALARS = ['bool', 'int', 'long', 'real', 'string', 'datetime', 'timespan', 'dynamic'] as const;
export type ScalarType = (typeof SCALARS)[number] | 'other';

export const isNumber = (type: ScalarType): boolean => ['int', 'long', 'real'].includes(type);

export interface Column {
  readonly name: string;
  readonly type: ScalarType;
}

/** What the language service says an expression yields: one value, or rows of named columns. */
export type ResultType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | { readonly kind: 'table'; readonly columns: readonly Column[] }
  | { readonly kind: 'tuple'; readonly columns: readonly Column[] };

/**
 * One node of the bound syntax tree, as plain data: the language service's own objects stay in
 * language.ts. `role` is the node's name inside its parent (`Condition`, `Left`); separators are gone.
 */
export interface BoundNode {
  readonly kind: string;
  readonly role: string;
  /** Source text, without the trivia before and after it. */
  readonly text: string;
  /** Offset in the query, in characters. */
  readonly start: number;
  readonly children: readonly BoundNode[];
  readonly type?: ResultType;
  /** What a name or an operator refers to, e.g. `{ kind: 'ColumnSymbol', name: 'Name' }`. */
  readonly symbol?: { readonly kind: string; readonly name: string };
  /** The unescaped value of a string literal. */
  readonly stringValue?: string;
}

/** The child that plays `role`, or undefined when the query leaves it out. */
export const optionalPart = (node: BoundNode, role: string): BoundNode | undefined =>
  node.children.find((child) => child.role === role);

/** The child that plays `role`; throws when the grammar promised one that is not there. */
export const part = (node: BoundNode, role: string): BoundNode => {
  const found = optionalPart(node, role);
  if (found === undefined) throw new Error(`${node.kind} has no ${role}: ${node.text}`);
  return found;
};

/** The elements of the list that plays `role`. */
export const items = (node: BoundNode, role: string): readonly BoundNode[] => part(node, role).children;

/** Arguments of a function call. */
export const argumentsOf = (call: BoundNode): readonly BoundNode[] =>
  items(part(call, 'ArgumentList'), 'Expressions');

/** Columns of a tabular node; throws when the node yields a scalar. */
export const columnsOf = (node: BoundNode): readonly Column[] => {
  if (node.type?.kind !== 'table') throw new Error(`not tabular: ${node.text}`);
  return node.type.columns;
};

/** Scalar type of an expression; `other` for tables, tuples and what could not be bound. */
export const scalarOf = (node: BoundNode): ScalarType =>
  node.type?.kind === 'scalar' ? node.type.scalar : 'other';

/** Every node of the tree, parents before children. */
export function* walk(node: BoundNode): Generator<BoundNode> {
  yield node;
  for (const child of node.children) yield* walk(child);
}

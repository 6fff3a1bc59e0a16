import { argumentsOf, type BoundNode, items, optionalPart, part, walk } from 'kql-on-duckdb/boundTree';
import type { AttributeDefinition } from '../../../src/lib/telemetry/catalog.ts';
import { catalog } from '../../../src/lib/telemetry/catalog.ts';
import { failureRecord } from '../../../src/lib/telemetry/records.ts';
import type { LintFault } from './lint.ts';

type Attributes = Readonly<Record<string, AttributeDefinition>>;

const SIGNALS: Readonly<Record<string, { readonly attributes: Attributes }>> = {
  ...catalog.events,
  ...catalog.metrics,
  // Failures have no name of their own: their table stands for them.
  AppExceptions: failureRecord,
};

/** The key of `Properties["k"]` or `Properties.k`; undefined for everything else. */
const propertyKey = (node: BoundNode): string | undefined => {
  const object = optionalPart(node, 'Expression');
  if (object?.symbol?.name !== 'Properties') return undefined;
  if (node.kind === 'PathExpression') return part(node, 'Selector').text;
  if (node.kind !== 'ElementExpression') return undefined;
  return part(part(node, 'Selector'), 'Expression').stringValue ?? '(computed)';
};

const namedSignals = (nodes: readonly BoundNode[]): readonly string[] =>
  nodes.flatMap(({ stringValue, symbol }) => {
    if (stringValue?.startsWith('keywatch.')) return [stringValue];
    return symbol?.kind === 'TableSymbol' && symbol.name === 'AppExceptions' ? [symbol.name] : [];
  });

const conversionOf = (node: BoundNode): string | undefined => {
  if (node.kind !== 'FunctionCallExpression') return undefined;
  const [only] = argumentsOf(node);
  return only === undefined ? undefined : propertyKey(only);
};

/** Columns that are nothing but one key of Properties: `Outcome = tostring(Properties["outcome"])`. */
const aliases = (nodes: readonly BoundNode[]): ReadonlyMap<string, string> => {
  const keys = nodes
    .filter((node) => node.kind === 'SimpleNamedExpression')
    .map((node) => [part(node, 'Name').text, conversionOf(part(node, 'Expression'))] as const);
  return new Map(keys.flatMap(([name, key]) => (key === undefined ? [] : [[name, key]])));
};

/** The text literals that a name is compared with: `Outcome == "x"`, `Outcome in ("x", "y")`. */
const comparisons = (node: BoundNode): readonly (readonly [string, BoundNode])[] => {
  const left = optionalPart(node, 'Left');
  const right = optionalPart(node, 'Right');
  if (left?.symbol?.kind !== 'ColumnSymbol' || right === undefined) return [];
  const name = left.symbol.name;
  const isEquality = node.kind === 'BinaryExpression' && /^(?:Not)?Equal$/.test(node.symbol?.name ?? '');
  const against = isEquality ? [right] : node.kind === 'InExpression' ? items(right, 'Expressions') : [];
  return against.map((literal) => [name, literal] as const);
};

const allowedValues = (key: string, signals: readonly string[]): ReadonlySet<string> | undefined => {
  const definitions = signals.flatMap((signal) => SIGNALS[signal]?.attributes[key] ?? []);
  const lists = definitions.map(({ values }) => values);
  if (lists.length === 0 || lists.includes(undefined)) return undefined;
  return new Set(lists.flatMap((list) => list ?? []));
};

/**
 * Checks a query against the telemetry catalog: every `keywatch.` name is one of its events or metrics,
 * every key of Properties belongs to one that the query names (or to a failure, where it reads those), and a column made of such a key is
 * compared only with values that the key can have.
 */
export const lintProperties = (root: BoundNode): LintFault[] => {
  const nodes = [...walk(root)];
  const signals = [...new Set(namedSignals(nodes))];
  const known = new Set(
    signals.flatMap((signal) => Object.keys({ ...SIGNALS[signal]?.attributes, ...catalog.common })),
  );
  const made = aliases(nodes);
  const unknownSignals = signals
    .filter((signal) => SIGNALS[signal] === undefined)
    .map((signal) => ({ rule: 'signal', message: `${signal} is not in the telemetry catalog` }));
  const unknownKeys = nodes.flatMap((node) => {
    const key = propertyKey(node);
    if (key === undefined || known.has(key)) return [];
    return [
      { rule: 'property', message: `no event, metric or failure of this query has an attribute ${key}` },
    ];
  });
  const impossible = nodes.flatMap(comparisons).flatMap(([name, { stringValue }]) => {
    const values = allowedValues(made.get(name) ?? '', signals);
    if (stringValue === undefined || values === undefined || values.has(stringValue)) return [];
    return [{ rule: 'value', message: `${name} is never "${stringValue}": ${[...values].join(', ')}` }];
  });
  return [...unknownSignals, ...unknownKeys, ...impossible];
};

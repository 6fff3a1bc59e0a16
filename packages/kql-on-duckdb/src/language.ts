import { createRequire } from 'node:module';
import { type BoundNode, type Column, type ResultType, SCALARS, type ScalarType } from './boundTree.ts';
import type { TableSchemas } from './tableSchemas.ts';
import { UnknownKql } from './unknownKql.ts';

/** A fault that the language service finds: KS142 unknown column, KS204 unknown table, KS106 wrong types … */
export interface Diagnostic {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly start: number;
}

/** A parsed and bound query. `root` may hold unbound parts when `diagnostics` is not empty. */
export interface BoundQuery {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Columns of the query's rows; empty when the query is not tabular or could not be bound. */
  readonly columns: readonly Column[];
  readonly root: BoundNode;
}

/** Parses a query and binds it to the schemas given when the language was made. */
export type BindQuery = (text: string) => BoundQuery;

// The service is C# compiled to JavaScript: two scripts that define globals. Only the few members that
// are used here are typed; its own declarations are 36,000 lines of ambient globals.
interface List<T> {
  readonly Count: number;
  getItem(index: number): T;
}
interface RawSymbol {
  readonly Name: string;
  readonly Columns?: List<{ readonly Name: string; readonly Type: RawSymbol }>;
}
interface RawNode {
  readonly ChildCount: number;
  GetChild(index: number): RawNode | null;
  readonly NameInParent: string | null;
  /** Offsets of its text in the query, without the trivia before and after. */
  readonly TextStart: number;
  readonly End: number;
  readonly ResultType?: RawSymbol | null;
  readonly ReferencedSymbol?: RawSymbol | null;
  readonly LiteralValue?: unknown;
}
interface RawCode {
  readonly Syntax: RawNode;
  GetDiagnostics(): List<{ Code: string; Severity: string; Message: string; Start: number }>;
}
interface Service {
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly KustoCode: {
    GetKind(text: string): string;
    ParseAndAnalyze(text: string, globals: unknown): RawCode;
  };
  readonly Parsing: { readonly QueryGrammar: { s_currentGrammar: unknown } };
  readonly Symbols: {
    readonly TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => unknown };
    readonly DatabaseSymbol: { $ctor1: new (name: string, members: unknown[]) => unknown };
  };
}
type NameOfType = (value: object) => string;

/**
 * In place of the grammar that the service keeps beside each query for completion in editors: making that takes
 * longer than parsing and binding fifty queries, and its parser of queries does not use it. That of commands does.
 */
const NO_GRAMMAR = { Options: { EqualExceptForParseKind: () => true }, Grammar: { QueryBlock: null } };

const loadService = (): { service: Service; nameOfType: NameOfType } => {
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const globals = globalThis as unknown as {
    Kusto: { Language: Service };
    Bridge: { getTypeName: NameOfType };
  };
  const shortName: NameOfType = (value) => {
    const [full = ''] = globals.Bridge.getTypeName(value).split(/[`[]/);
    return full.slice(full.lastIndexOf('.') + 1);
  };
  globals.Kusto.Language.Parsing.QueryGrammar.s_currentGrammar = NO_GRAMMAR;
  return { service: globals.Kusto.Language, nameOfType: shortName };
};

let loaded: ReturnType<typeof loadService> | undefined;

const scalarTypeOf = (symbol: RawSymbol): ScalarType => {
  const name = symbol.Name.startsWith('dynamic') ? 'dynamic' : symbol.Name;
  return SCALARS.find((type) => type === name) ?? 'other';
};

const array = <T>(list: List<T>): T[] =>
  Array.from({ length: list.Count }, (_, index) => list.getItem(index));

const resultTypeOf = (symbol: RawSymbol, nameOfType: NameOfType): ResultType => {
  if (symbol.Columns === undefined) return { kind: 'scalar', scalar: scalarTypeOf(symbol) };
  const columns = array(symbol.Columns).map((column) => ({
    name: column.Name,
    type: scalarTypeOf(column.Type),
  }));
  return { kind: nameOfType(symbol) === 'TupleSymbol' ? 'tuple' : 'table', columns };
};

const convert = (raw: RawNode, text: string, nameOfType: NameOfType): BoundNode => {
  const kind = nameOfType(raw);
  if (kind === 'SeparatedElement') {
    const element = raw.GetChild(0);
    if (element !== null) return convert(element, text, nameOfType);
  }
  const children: BoundNode[] = [];
  for (let index = 0; index < raw.ChildCount; index += 1) {
    const child = raw.GetChild(index);
    if (child !== null) children.push(convert(child, text, nameOfType));
  }
  const value = raw.LiteralValue;
  return {
    kind,
    role: raw.NameInParent ?? '',
    // Cut out of the query: the service would write every node anew, children and all.
    text: text.slice(raw.TextStart, raw.End),
    start: raw.TextStart,
    children,
    ...(raw.ResultType ? { type: resultTypeOf(raw.ResultType, nameOfType) } : {}),
    ...(raw.ReferencedSymbol
      ? { symbol: { kind: nameOfType(raw.ReferencedSymbol), name: raw.ReferencedSymbol.Name } }
      : {}),
    ...(typeof value === 'string' ? { stringValue: value } : {}),
  };
};

const schemaText = (columns: Readonly<Record<string, string>>): string =>
  `(${Object.entries(columns)
    .map(([name, type]) => `['${name}']: ${type}`)
    .join(', ')})`;

/**
 * Makes the parser and binder over the given tables. The language service (5 MB of script) is loaded on
 * the first call and kept; the first query costs a tenth of a second, later ones some milliseconds. The function throws
 * UnknownKql for a command (`.show tables`).
 */
export const kqlLanguage = (tables: TableSchemas): BindQuery => {
  loaded ??= loadService();
  const { service, nameOfType } = loaded;
  const { TableSymbol, DatabaseSymbol } = service.Symbols;
  const symbols = Object.entries(tables).map(
    ([name, columns]) => new TableSymbol.$ctor7(name, schemaText(columns), null),
  );
  const globals = service.GlobalState.Default.WithDatabase(new DatabaseSymbol.$ctor1('workspace', symbols));
  return (text) => {
    if (service.KustoCode.GetKind(text) === 'Command') throw new UnknownKql('commands', { text, start: 0 });
    const code = service.KustoCode.ParseAndAnalyze(text, globals);
    const root = convert(code.Syntax, text, nameOfType);
    const last = root.children.find((child) => child.role === 'Statements')?.children.at(-1);
    const type = last?.children.find((child) => child.role === 'Expression')?.type;
    return {
      text,
      diagnostics: array(code.GetDiagnostics()).map((found) => ({
        code: found.Code,
        severity: found.Severity,
        message: found.Message,
        start: found.Start,
      })),
      columns: type?.kind === 'table' ? type.columns : [],
      root,
    };
  };
};

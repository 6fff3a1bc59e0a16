import type { BoundNode, ScalarType } from './boundTree.ts';

/** What a scalar expression may refer to beside the columns of its row. */
export interface ScalarScope {
  /** SQL of each scalar `let`. */
  readonly scalars: ReadonlyMap<string, string>;
  /** SQL of a subquery's only column, for `x in (Table | project Column)`. */
  readonly subquery: (node: BoundNode) => string;
  /** `row_number()` as SQL: it goes by the order in which the rows stand. */
  readonly rowNumber: (node: BoundNode) => string;
}

/** Writes one scalar expression as SQL. */
export type Scalar = (node: BoundNode) => string;

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

// datetime: TIMESTAMP in UTC; timespan: whole microseconds; dynamic: JSON. A KQL string is never null,
// so every string expression written here is never NULL either.
const DUCK: Readonly<Record<ScalarType, string>> = {
  bool: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
  string: 'VARCHAR',
  datetime: 'TIMESTAMP',
  timespan: 'BIGINT',
  dynamic: 'JSON',
  other: 'VARCHAR',
};

/** DuckDB's type for a KQL type. */
export const duckType = (type: ScalarType): string => DUCK[type];

/** The value of a column that has none: `''` for strings, null for everything else. */
export const missing = (type: ScalarType): string =>
  type === 'string' ? "''" : `CAST(NULL AS ${duckType(type)})`;

/** `now()`, which `ago()` counts from too: read from a table of one row, so that one plan serves at every time. */
export const NOW_SQL = '(SELECT "now" FROM "$clock")';

export const timestamp = (epochMs: number): string => `make_timestamp(CAST(${epochMs}000 AS BIGINT))`;

/** Text of a dynamic value, or of what is in it at a path: strings without quotes, other values as JSON, `''` for nothing. */
export const dynamicText = (sql: string, path = text('$')): string =>
  `coalesce(json_extract_string(${sql}, ${path}), '')`;

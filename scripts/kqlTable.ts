type Cell = string | number;
type ColumnType = 'string' | 'long';

const MOST_COLUMNS_OF_TEXT = 120;

/** JSON's escapes are among those of KQL; what they leave as it is KQL does too. */
const literal = (cell: Cell): string => JSON.stringify(cell);

const rowOf = (cells: readonly Cell[]): string => {
  const line = `    ${cells.map(literal).join(', ')}`;
  return line.length < MOST_COLUMNS_OF_TEXT ? line : cells.map((cell) => `    ${literal(cell)}`).join(',\n');
};

/** A statement of KQL that names a table of constants, a row a line where it fits. */
export const kqlTable = (
  name: string,
  columns: Readonly<Record<string, ColumnType>>,
  rows: readonly (readonly Cell[])[],
): string => {
  const head = Object.entries(columns).map(([column, type]) => `${column}: ${type}`);
  return `let ${name} = datatable(${head.join(', ')}) [
${rows.map(rowOf).join(',\n')}
    ];
`;
};

import type { Colour, Paint } from './style.ts';

export interface Cell {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

/**
 * Lines of a table whose columns are as wide as their widest cell. Cells must be printable already;
 * the last column is not padded.
 */
export const renderTable = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
): string[] => {
  // Folded, not spread: a call with the cells of 100,000 rows as its arguments overflows the stack.
  const widths = columns.map(({ heading }, index) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[index]?.text ?? '')), widthOf(heading)),
  );
  const line = (cells: readonly Cell[]): string =>
    cells
      .map(({ text, colour }, index) => {
        const isLast = index === cells.length - 1;
        const gap = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)));
        const painted = colour === undefined ? text : paint(text, colour);
        if (columns[index]?.align === 'right') return gap + painted;
        return isLast ? painted : painted + gap;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ heading }) => ({ text: heading, colour: 'bold' }))), ...rows.map(line)];
};

/** Terminal columns of a text: wide East Asian characters and emoji take two, combining marks none. */
export const widthOf = (text: string): number => {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
};

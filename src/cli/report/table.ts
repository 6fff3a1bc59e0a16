import { fitColumns } from './fitColumns.ts';
import type { Colour, Paint } from './style.ts';
import { widthOf } from './widthOf.ts';
import { wrapText } from './wrapText.ts';

export interface Cell {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
  /** See `ColumnNeed`: what becomes of the column where the table is wider than the terminal. */
  readonly least?: number;
  readonly dispensable?: number;
}

export interface TableStyle {
  readonly paint: Paint;
  /** Columns of the terminal, if it goes to one. */
  readonly width?: number | undefined;
}

/**
 * Lines of a table whose columns are as wide as their widest cell, or that fits into `width` as well as it
 * can: then cells end in "…", and the last lines name the columns that are left out. Cells must be printable
 * already; the last column is not padded.
 * @param width columns of the terminal; absent where nobody looks, as in a file
 */
export const renderTable = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] => {
  // Folded, not spread: a call with the cells of 100,000 rows as its arguments overflows the stack.
  const needs = columns.map(({ heading, least, dispensable }, index) => ({
    widest: rows.reduce((widest, row) => Math.max(widest, widthOf(row[index]?.text ?? '')), widthOf(heading)),
    least,
    dispensable,
  }));
  const widths = fitColumns(needs, width);
  const last = widths.findLastIndex((one) => one !== undefined);
  const line = (cells: readonly Cell[]): string =>
    cells
      .flatMap(({ text: whole, colour }, index) => {
        const room = widths[index];
        if (room === undefined) return [];
        const text = cut(whole, room);
        const gap = ' '.repeat(Math.max(0, room - widthOf(text)));
        const painted = colour === undefined ? text : paint(text, colour);
        if (columns[index]?.align === 'right') return [gap + painted];
        return [index === last ? painted : painted + gap];
      })
      .join('  ')
      .trimEnd();
  const leftOut = columns.filter((_, index) => widths[index] === undefined).map(({ heading }) => heading);
  const without = `… without ${leftOut.join(', ')}: a wider terminal, or a file, has them`;
  return [
    line(columns.map(({ heading }) => ({ text: heading, colour: 'bold' }))),
    ...rows.map(line),
    ...(leftOut.length === 0 ? [] : wrapText(without, width).map((text) => paint(text, 'grey'))),
  ];
};

/** The beginning of a text that is too long, with "…" as its last column. */
const cut = (text: string, room: number): string => {
  if (widthOf(text) <= room) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > room - 1) break;
    kept += character;
  }
  return `${kept}…`;
};

import { describe, expect, it } from 'vitest';
import { coloured, plain } from '../../../src/lib/report/style.ts';
import { renderTable, widthOf } from '../../../src/lib/report/table.ts';

const COLUMNS = [{ heading: 'NAME' }, { heading: 'N', align: 'right' }, { heading: 'LAST' }] as const;
const row = (...texts: string[]) => texts.map((text) => ({ text, colour: 'red' as const }));

describe('a table', () => {
  it('has columns as wide as their widest cell, and nothing behind the last', () => {
    expect(renderTable(COLUMNS, [row('a', '5', 'x'), row('longer', '123', '')], plain)).toEqual([
      'NAME      N  LAST',
      'a         5  x',
      'longer  123',
    ]);
  });

  it('has the same columns with colour as without', () => {
    const rows = [row('a', '5', 'x'), row('longer', '123', 'y')];
    const sgr = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    const stripped = renderTable(COLUMNS, rows, coloured).map((line) => line.replace(sgr, ''));
    expect(stripped).toEqual(renderTable(COLUMNS, rows, plain));
  });

  it('lines up scripts whose characters take two places or none', () => {
    expect(['abc', '鍵', 'e\u0301', '🔑', '한글', ''].map(widthOf)).toEqual([3, 2, 1, 2, 4, 0]);
  });

  it('of 200,000 rows is printed like any other', () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [{ text: String(index) }]);
    expect(renderTable([{ heading: 'N' }], rows, plain)).toHaveLength(200_001);
  });
});

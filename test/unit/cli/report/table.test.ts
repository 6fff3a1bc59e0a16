import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coloured, plain } from '../../../../src/cli/report/style.ts';
import { renderTable } from '../../../../src/cli/report/table.ts';
import { widthOf } from '../../../../src/cli/report/widthOf.ts';

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

  describe('on a terminal that is too narrow', () => {
    const columns = [
      { heading: 'NAME', least: 6 },
      { heading: 'ON', dispensable: 1 },
      { heading: 'MORE', least: 4, dispensable: 2 },
    ] as const;
    const rows = [row('a-name-of-20-letters', '2026-11-22', 'some words'), row('鍵鍵鍵鍵', '-', '')];
    const fitted = (width?: number) => renderTable(columns, rows, plain, width);

    it('is as it would be elsewhere where it just fits', () => {
      expect(fitted(44)).toEqual(fitted());
      expect(fitted(43)).not.toEqual(fitted());
    });

    it('cuts what may be cut, and shows that it did', () => {
      expect(fitted(24)).toEqual(['NAME    ON          MORE', 'a-nam…  2026-11-22  som…', '鍵鍵…   -']);
    });

    it('leaves out whole columns before it wraps, and names them', () => {
      expect(fitted(23)).toEqual([
        'NAME         ON',
        'a-name-of-…  2026-11-22',
        '鍵鍵鍵鍵     -',
        '… without MORE: a wider',
        'terminal, or a file,',
        'has them',
      ]);
      expect(fitted(16)).toContain('… without ON,');
    });

    it('is never wider than it, as long as every column may go or be cut', () => {
      fc.assert(
        fc.property(
          fc.array(fc.string(), { maxLength: 5 }),
          fc.integer({ min: 6, max: 60 }),
          (texts, width) => {
            const table = renderTable(
              columns,
              texts.map((text) => row(text, text, text)),
              plain,
              width,
            );
            const lines = table.slice(0, texts.length + 1);
            expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
          },
        ),
      );
    });
  });

  it('of 200,000 rows is printed like any other', { tags: ['exhaustive'] }, () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [{ text: String(index) }]);
    expect(renderTable([{ heading: 'N' }], rows, plain)).toHaveLength(200_001);
  });
});

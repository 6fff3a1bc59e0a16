import { expect, it } from 'vitest';
import { workbookDocument } from '../../scripts/workbookDocument.ts';
import { PANELS } from '../../scripts/workbookPanels.ts';
import { GRANT_OUTCOMES } from '../../src/lib/credentials/grantOutcomes.ts';
import { PROOF_OUTCOMES } from '../../src/lib/credentials/proofOutcomes.ts';
import { CREDENTIAL_STATUSES } from '../../src/lib/credentials/statuses.ts';
import { wordsOf } from '../../src/lib/kernel/wordsOf.ts';

interface Shown {
  readonly gridSettings?: {
    readonly formatters?: readonly {
      readonly columnMatch: string;
      readonly formatOptions: { readonly thresholdsGrid: readonly Record<string, unknown>[] };
    }[];
  };
  readonly chartSettings?: { readonly seriesLabelSettings?: readonly Record<string, unknown>[] };
}

const shown = (name: string) =>
  workbookDocument().items.find((item) => item.name === name)?.content as Shown | undefined;

const WORDS = {
  inventory: { column: 'Status', rows: CREDENTIAL_STATUSES },
  grants: { column: 'LastOutcome', rows: GRANT_OUTCOMES },
  proofs: { column: 'Outcome', rows: PROOF_OUTCOMES },
} as const;

it.each(Object.entries(WORDS))('%s colours every word that can stand there', (name, { column, rows }) => {
  const [cells] = shown(name)?.gridSettings?.formatters ?? [];
  expect(cells?.columnMatch).toBe(column);
  const grid = cells?.formatOptions.thresholdsGrid ?? [];
  expect(grid.at(-1)?.['operator']).toBe('Default');
  const words = grid.slice(0, -1).map(({ thresholdValue }) => String(thresholdValue));
  expect(words.map((word) => word.slice(2).replaceAll(' ', '_')).sort()).toEqual(Object.keys(rows).sort());
});

it('marks and colours statuses as the board does: the mark of each, and one colour for each severity', () => {
  const series = shown('inventory-by-status')?.chartSettings?.seriesLabelSettings ?? [];
  const rows = Object.entries(CREDENTIAL_STATUSES);
  expect(series.map(({ seriesName }) => seriesName)).toEqual(
    rows.map(([status, { mark }]) => `${mark} ${wordsOf(status)}`),
  );
  const colours = new Map(rows.map(([, { severity }], index) => [severity, series[index]?.['color']]));
  expect(new Set(colours.values()).size).toBe(colours.size);
  rows.forEach(([, { severity }], index) => {
    expect(series[index]?.['color']).toBe(colours.get(severity));
  });
});

it('colours only where the panel says by which words', () => {
  const coloured = PANELS.filter((panel) => panel.coloured !== undefined).map(({ name }) => name);
  const formatted = PANELS.filter(({ name }) => {
    const { gridSettings, chartSettings } = shown(name) ?? {};
    return gridSettings?.formatters !== undefined || chartSettings?.seriesLabelSettings !== undefined;
  }).map(({ name }) => name);
  expect(formatted).toEqual(coloured);
});

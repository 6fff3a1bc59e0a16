import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configurationDocument } from '../../scripts/configurationDocument.ts';
import { generatedDocuments } from '../../scripts/generatedDocuments.ts';
import { queriesOfStart, translatedQueries } from '../../scripts/translatedQueries.ts';
import { lastEventsQueries } from '../../src/cli/report/lastEvents.ts';
import { configFile } from '../../src/lib/config/file.ts';
import { SETTINGS } from '../../src/lib/config/settings.ts';
import { TAGS } from '../../src/lib/credentials/tagNames.ts';
import { queryHash, TRANSLATED_QUERIES } from '../../src/local/telemetry/translatedQueries.ts';

const writtenIn = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

const { [TRANSLATED_QUERIES]: _, ...documents } = generatedDocuments;

describe('a document that is made from code', () => {
  it.each(Object.entries(documents))('%s is what the code says today (npm run docs)', (path, textOf) => {
    expect(writtenIn(path)).toBe(textOf());
  });
});

describe(TRANSLATED_QUERIES, () => {
  const written = writtenIn(TRANSLATED_QUERIES);

  it('has the queries of today, and those of no rule as they are translated today (npm run docs)', () => {
    expect(Object.keys(JSON.parse(written))).toEqual(queriesOfStart().map(queryHash));
    // test/infra/alertRules.test.ts, which binds those of the rules anyway, says it of them.
    for (const line of translatedQueries(lastEventsQueries).split(/,?\n/).slice(1, -2))
      expect(written).toContain(line);
  });
});

describe('docs/configuration.md', () => {
  it('has a row for every setting, member and tag', () => {
    const text = configurationDocument();
    const names = [...Object.keys(SETTINGS), ...Object.keys(configFile.shape), ...Object.values(TAGS)];
    for (const name of names) expect(text).toContain(`\n| \`${name}\` |`);
  });

  it('has as many cells in every row of a table as its head', () => {
    const cells = (line: string) => line.replaceAll('\\|', '').split('|').length;
    for (const table of configurationDocument().matchAll(/(?:^\|.*\n)+/gm)) {
      const [head = '', ...rows] = table[0].trimEnd().split('\n');
      for (const row of rows) expect([row, cells(row)]).toEqual([row, cells(head)]);
    }
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configurationDocument } from '../../scripts/configurationDocument.ts';
import { generatedDocuments } from '../../scripts/generatedDocuments.ts';
import { configFile } from '../../src/lib/config/file.ts';
import { SETTINGS } from '../../src/lib/config/settings.ts';
import { TAGS } from '../../src/lib/credentials/tagNames.ts';

describe('a document that is made from code', () => {
  it.each(Object.entries(generatedDocuments))(
    '%s is what the code says today (npm run docs)',
    { timeout: 60_000 },
    (path, textOf) => {
      expect(readFileSync(join(import.meta.dirname, '../..', path), 'utf8')).toBe(textOf());
    },
  );
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

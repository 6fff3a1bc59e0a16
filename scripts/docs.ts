import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { telemetryDocument } from './telemetryDocument.ts';
import { workbookDocument } from './workbookDocument.ts';

/** Writes the documents that are made from code. `npm test` fails while one is out of step. */
const folder = join(import.meta.dirname, '../docs');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'telemetry.md'), telemetryDocument());
console.log('docs/telemetry.md');

const workbook = join(import.meta.dirname, '../infra/workbook/workbook.json');
writeFileSync(workbook, `${JSON.stringify(workbookDocument(), undefined, 2)}\n`);
console.log('infra/workbook/workbook.json');

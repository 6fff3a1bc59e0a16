import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, it, vi } from 'vitest';
import { knownAggregates } from '../src/translateAggregates.ts';
import { knownFunctions } from '../src/translateFunctions.ts';

const FOLDER = join(import.meta.dirname, '..');
const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');

it('the README shows the example as it is, and what it prints', async () => {
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(join(FOLDER, 'example.ts'), 'utf8')}\`\`\`\n`);
  const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../example.ts');
  expect(readme).toContain(`prints \`${inspect(print.mock.calls[0]?.[0])}\`.`);
  print.mockRestore();
});

it.each([
  ['Functions', [...knownFunctions, 'row_number']],
  ['Aggregates', knownAggregates],
])('the README lists what is known: %s', (kind, known) => {
  const line = new RegExp(`^- ${kind}: (.+)\\.$`, 'm').exec(readme)?.[1] ?? '';
  expect(line.split(', ').map((name) => name.replaceAll('`', ''))).toEqual([...known].sort());
});

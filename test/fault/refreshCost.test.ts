import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refreshWorld, sealedWorld } from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import { CLASSES, type ClassName } from './crashTable.ts';

/** The fourth refresh of a grant: one that also switches an old version off, wherever that is. */
const callsOf = async (className: ClassName, begin = refreshWorld): Promise<readonly string[]> => {
  const world = begin(CLASSES[className]);
  for (let time = 0; time < 3; time++) {
    await runSolo(world, { trigger: 'manual' });
    world.elapsedMs += 3_600_000;
  }
  return (await runSolo(world, { trigger: 'manual' })).calls;
};

it('costs the calls that docs/refresh-protocol.md says', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/refresh-protocol.md'), 'utf8');
  for (const [row, className, begin] of [
    ['strict', 'strict', refreshWorld],
    ['strict, handed out', 'strict', sealedWorld],
    ['grace', 'grace 10 min', refreshWorld],
    ['keeps-old', 'keeps_old', refreshWorld],
    ['static', 'static', refreshWorld],
  ] as const) {
    const calls = await callsOf(className, begin);
    const count = (pattern: RegExp) => calls.filter((name) => pattern.test(name)).length;
    const numbers = [
      count(/^control\./),
      count(/^sealed\./),
      count(/^vault\.read/),
      count(/^vault\.write/),
      count(/^vault\.(disable|update)/),
      count(/^server\./),
      count(/^watchdog\./),
    ];
    expect(page, `of ${className}`).toContain(`| ${row} | ${numbers.join(' | ')} |`);
  }
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refreshWorld } from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import { CLASSES, type ClassName } from './crashTable.ts';

/** The third refresh of a grant: the first one that also switches an old version off. */
const callsOf = async (className: ClassName): Promise<readonly string[]> => {
  const world = refreshWorld(CLASSES[className]);
  for (let time = 0; time < 2; time++) {
    await runSolo(world);
    world.elapsedMs += 46 * 86_400_000;
  }
  return (await runSolo(world)).calls;
};

it('costs the calls that docs/refresh-protocol.md says', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/refresh-protocol.md'), 'utf8');
  for (const [row, className] of [
    ['strict', 'strict'],
    ['grace', 'grace 10 min'],
    ['keeps-old', 'keeps_old'],
    ['static', 'static'],
  ] as const) {
    const calls = await callsOf(className);
    const count = (pattern: RegExp) => calls.filter((name) => pattern.test(name)).length;
    const numbers = [
      count(/^control\./),
      count(/^vault\.read/),
      count(/^vault\.write/),
      count(/^vault\.(disable|update)/),
      count(/^server\./),
      count(/^watchdog\./),
    ];
    expect(page, `of ${className}`).toContain(`| ${row} | ${numbers.join(' | ')} |`);
  }
});

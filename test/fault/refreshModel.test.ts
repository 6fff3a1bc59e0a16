import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Cell,
  CLASSES,
  type ClassName,
  FAULTS,
  type Fault,
  type LossCause,
  runCell,
} from './crashTable.ts';
import { withCrashTable } from './crashTableText.ts';

const CRASH = 'crash between the answer and the first acknowledgement';
const LOST = 'the answer never arrived';
const GAVE_UP = 'no store accepted anything until the worker gave up';

/**
 * The cells in which a grant can die, and of what: each is a case of the two-generals problem at the token
 * endpoint (it has no idempotency key), or of every store refusing. Every cell that is not here has no
 * loss at all. A cell that is here and loses nothing fails too: the list says what is, not what might be.
 */
const UNAVOIDABLE: Readonly<Record<string, readonly LossCause[]>> = {
  'grace 30 s / all three down': [CRASH, GAVE_UP],
  'strict / none': [CRASH],
  'strict / answer lost': [LOST],
  'strict / proxy fails': [LOST],
  'strict / vault down': [CRASH],
  'strict / journal down': [CRASH],
  'strict / both down': [CRASH],
  'strict / all three down': [CRASH, GAVE_UP],
};

const cells = new Map<string, Cell>();

describe('one worker, ended after every call', () => {
  for (const className of Object.keys(CLASSES) as ClassName[]) {
    for (const fault of FAULTS as readonly Fault[]) {
      const name = `${className} / ${fault}`;
      const allowed = [...(UNAVOIDABLE[name] ?? [])].sort();
      const promise =
        allowed.length === 0 ? 'never loses the grant' : `loses it only by: ${allowed.join('; ')}`;
      it(`${name}: ${promise}`, async () => {
        const cell = await runCell(className, fault);
        cells.set(name, cell);
        expect(cell.runs).toBeGreaterThan(20);
        expect([...new Set(cell.losses.map(({ cause }) => cause))].sort()).toEqual(allowed);
        expect(
          cell.losses.filter(({ told }) => !told),
          'every loss is told within one tick',
        ).toEqual([]);
      });
    }
  }

  it('is what docs/refresh-protocol.md says', () => {
    const path = join(import.meta.dirname, '../../docs/refresh-protocol.md');
    const page = readFileSync(path, 'utf8');
    const expected = withCrashTable(page, cells);
    // Written by `npm run docs:crash-table`.
    if (process.env['WRITE_CRASH_TABLE'] === '1') writeFileSync(path, expected);
    else expect(page).toBe(expected);
  });
});

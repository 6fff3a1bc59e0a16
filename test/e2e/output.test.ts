import { expect, it } from 'vitest';
import { runKeywatch, unwritable } from './runStart.ts';

it.each([[['--help']], [['scan', '--help']]])(
  'of %j, output that cannot be written is reported in one line, with exit code 2',
  async (args) => {
    const { output, ended } = runKeywatch(args, { stdout: unwritable() });
    expect(await ended).toBe(2);
    expect(output()).toMatch(/^The output is incomplete, it cannot be written: EBADF: .*\n$/);
  },
);

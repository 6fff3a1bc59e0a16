import { closeSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newFolder, runKeywatch } from './runStart.ts';

/** Standard output that takes nothing, as on a full disk: a file opened for reading. */
const unwritable = (): number => {
  const descriptor = openSync(import.meta.filename, 'r');
  onTestFinished(() => closeSync(descriptor));
  return descriptor;
};

/** What the small host logs of a function: it runs on until it is told to end. */
const HOST_LOG = /^\d\d:\d\d:\d\d \w+Timer /;
const linesBesideHost = (output: string) => output.split('\n').filter((line) => !HOST_LOG.test(line));

describe('output that cannot be written', () => {
  const cases = [[['--help']], [['scan', '--help']], [['alerts']]] as const;
  it.each(cases)('of %j is reported in one line, with exit code 2 and nothing left behind', async (args) => {
    const folder = newFolder();
    mkdirSync(folder);
    const { output, ended } = runKeywatch(args, { environment: { TMPDIR: folder }, stdout: unwritable() });
    expect(await ended).toBe(2);
    expect(linesBesideHost(output())).toEqual([
      expect.stringMatching(/^The output is incomplete, it cannot be written: EBADF: /),
      '',
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

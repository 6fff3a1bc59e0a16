import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/commandLine.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

const run = async (line: readonly string[], input = '') => {
  const terminal = recordingTerminal();
  const signals = new EventEmitter();
  const exitCode = await runCommandLine(line, { terminal, signals, input: Readable.from([input]) });
  return { exitCode, ...terminal };
};

it.each([
  [['checks'], 'There is no command "checks"; did you mean check?'],
  [['strat'], 'There is no command "strat"; did you mean start?'],
  [
    ['start', '--play'],
    '--play does nothing without --game-day; npm start -- --help says what goes together',
  ],
  [
    ['start', '--once', '--data', 'mine'],
    '--data does nothing with --once; npm start -- --help says what goes together',
  ],
  [['scan', '--fial-on', 'never'], 'There is no option --fial-on; did you mean --fail-on?'],
])('says of %j what is wrong, and gives the exit code of what failed', async (line, words) => {
  expect(await run(line)).toMatchObject({ exitCode: 2, notes: [words], printed: [] });
});

it('explains itself on the terminal that it is given', async () => {
  expect(await run([])).toMatchObject({ exitCode: 0, printed: [expect.stringContaining('npm start')] });
  const { exitCode, printed } = await run(['secret', '--help']);
  expect(exitCode).toBe(0);
  expect(printed.join()).toContain('npm run secret --');
});

it('reads the standard input that it is given, without the line break at its end', async () => {
  const secret = ['secret', '--local', '/nowhere', '--vault', 'kv-contoso', '--name', 'key'];
  expect((await run(secret, '\n')).notes).toEqual(['Nothing came from standard input: write … < FILE']);
  expect((await run(secret, 'a\n')).notes.join()).toContain('No Keywatch runs with the data in /nowhere');
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { playStep } from '../../../src/cli/local/playStep.ts';
import type { Step } from '../../../src/local/gameDay/gameDay.ts';
import type { LocalApp } from '../../../src/local/localApp.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

/** Follows a step at a company of which nothing but its folder is there. */
const play = async (step: Step, folder = '/nowhere') => {
  const printed: string[] = [];
  const waited: number[] = [];
  const stage = {
    app: { folder: { path: folder } } as LocalApp,
    ahead: (ms: number) => void waited.push(ms),
  };
  const terminal = { print: (line: string) => void printed.push(line) };
  const failure = await playStep(step, { stage, terminal, stop: new AbortController().signal }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { printed, waited, failure };
};

it('runs a command at the company, shows what it said, and fails where it did', async () => {
  const { printed, failure } = await play({ says: 'See', run: ['scan', '--fial-on', 'never'] });
  expect(printed).toEqual(['     > There is no option --fial-on; did you mean --fail-on?']);
  expect(failure).toBe('it ended with exit code 2');
});

it('gives a command a file as its standard input, and none where the step names none', async () => {
  const input = join(temporaryFolder(), 'new');
  writeFileSync(input, 'as its issuer gave it\n');
  const step = { says: 'Write it', run: ['secret', '--vault', 'kv-contoso', '--name', 'key'] } as const;
  const { printed } = await play({ ...step, input });
  expect(printed.join()).toContain('No Keywatch runs with the data in /nowhere');
  expect((await play(step)).printed.join()).toContain('Nothing came from standard input');
});

it('lets time pass, and has others act', async () => {
  expect(await play({ says: 'Wait', minutes: 20 })).toEqual({ printed: [], waited: [1_200_000] });
  const acted: string[] = [];
  const act = () => void acted.push('restarted');
  await play({ says: 'Restart it', inAzure: 'az functionapp restart', act });
  expect(acted).toEqual(['restarted']);
});

import { expect, it } from 'vitest';
import { alertRules } from '../../src/lib/alerts/alertRules.ts';
import { consentAt } from '../../src/local/gameDay/consent.ts';
import { gameDays } from '../../src/local/gameDay/gameDays.ts';
import { KEYWATCH_LINE, runKeywatch, runShell, runStart } from './runStart.ts';

const WAITING = { timeout: 200_000 };

/** Plays game days as whoever has no time does, and gives what was printed. */
const play = async (names: readonly string[]): Promise<string> => {
  const named = names.flatMap((name) => ['--game-day', name]);
  const { output, ended } = runStart([...named, '--play', '--port', '0']);
  expect(await ended, output()).toBe(0);
  return output();
};

it('is there for each alert rule, once', () => {
  expect(gameDays.map(({ rule }) => rule).sort()).toEqual(alertRules.map(({ name }) => name).sort());
});

it('is played to its end for each rule, by the commands that it prints', {
  tags: 'exhaustive',
  timeout: 400_000,
}, async () => {
  const output = await play(['all']);
  expect(output.match(/^Game day \S+(?=\.)/gm)).toEqual(gameDays.map(({ rule }) => `Game day ${rule}`));
  expect(output.match(/^✓ Mended/gm)).toHaveLength(gameDays.length);
  expect(output).toContain('Runbook: infra/alerts/grant-dead/runbook.md');
});

/** Follows in a shell what was printed last, as a person does who copies it. */
const followPrinted = async (output: string): Promise<void> => {
  const [, runbook = ''] = output.split('What the runbook says').slice(-2);
  for (const [, name, rest] of runbook.matchAll(/npm (?:run )?(start|secret|check|refresh) -- (.*)/g)) {
    const { ended, output: said } = runShell(`${KEYWATCH_LINE} ${name} ${rest}`);
    expect(await ended, said()).toBe(0);
  }
};

it('waits for a person in another terminal, who follows what it prints, and sees that it is mended', {
  timeout: 300_000,
}, async () => {
  const played = ['--game-day', 'scan-missed', '--game-day', 'refresh-failing', '--port', '0'];
  const { output, ended } = runStart(played);
  const waiting = (days: number) =>
    expect.poll(() => output().split('Waiting until it is mended').length - 1, WAITING).toBe(days);
  await waiting(1);
  const [, folder = ''] = /--data (\S+)/.exec(output()) ?? [];
  const runs = async (args: readonly string[], exitCode: number, words: string) => {
    const run = runKeywatch([...args.slice(0, 1), '--local', folder, ...args.slice(1)]);
    expect(await run.ended, run.output()).toBe(exitCode);
    expect(run.output()).toContain(words);
  };
  await runs(['alerts', '--json'], 1, 'keyvault-scan');
  await runs(['prove', '--client', 'loyalty-points'], 0, 'proven');
  await followPrinted(output());
  await waiting(2);
  const connecting = runKeywatch([
    ...['connect', '--local', folder, '--grant', 'loyalty-partner', '--replace', '--port', '0'],
  ]);
  await connecting.seen(/http:\S+\/connect\/\S+\n/);
  await consentAt(/http:\S+\/connect\/\S+/.exec(connecting.output())?.[0] ?? '');
  expect(await connecting.ended, connecting.output()).toBe(0);
  await followPrinted(output());
  expect(await ended, output()).toBe(0);
  expect(output().match(/Mended: the alert is over/g)).toHaveLength(2);
});

it('names those that there are', async () => {
  const { output, ended } = runStart(['--game-day', 'grant-deed', '--play']);
  expect(await ended).toBe(2);
  expect(output()).toContain('--game-day: there is none called "grant-deed"; did you mean grant-dead?');
  const listing = runStart(['--game-day', 'list']);
  expect(await listing.ended).toBe(0);
  for (const { rule, breaks } of gameDays) {
    const line = listing
      .output()
      .split('\n')
      .find((one) => one.startsWith(`${rule} `));
    expect(line).toContain(breaks);
  }
});

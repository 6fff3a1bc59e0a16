import { expect, it } from 'vitest';
import { alertRules } from '../../src/lib/alerts/alertRules.ts';
import { gameDays } from '../../src/local/gameDay/gameDays.ts';
import { runKeywatch, runStart } from './runStart.ts';

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

it('waits for a person in another terminal, and sees that it is mended', { timeout: 300_000 }, async () => {
  const { output, ended } = runStart(['--game-day', 'scan-missed', '--port', '0']);
  await expect.poll(output, { timeout: 200_000 }).toContain('Waiting until it is mended');
  const [, step = '', folder = ''] = /npm start -- --outside (\d) --data (\S+)/.exec(output()) ?? [];
  const alerts = runKeywatch(['alerts', '--local', folder, '--json']);
  expect(await alerts.ended, alerts.output()).toBe(1);
  expect(alerts.output()).toContain('keyvault-scan');
  const mending = runStart(['--outside', step, '--data', folder]);
  expect(await mending.ended, mending.output()).toBe(0);
  expect(await ended, output()).toBe(0);
  expect(output()).toContain('Mended: the alert is over');
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

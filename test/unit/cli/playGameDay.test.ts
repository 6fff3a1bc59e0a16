import { expect, it } from 'vitest';
import { playGameDay } from '../../../src/cli/local/playGameDay.ts';
import type { GameDay } from '../../../src/local/gameDay/gameDay.ts';
import type { Stage } from '../../../src/local/gameDay/stage.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

const GAME_DAY: GameDay = {
  rule: 'scan-missed',
  breaks: 'The timer of the scan stopped.',
  subject: 'keyvault-scan',
  timers: ['scanTimer'],
  happen: async (stage) => void stage.stopped.add('scanTimer'),
  mend: ({ stopped }) => [{ says: 'Restart it', inAzure: 'az …', act: () => stopped.clear() }],
};

/** Plays it in a company whose alert is open while the timer is stopped, and until somebody runs all timers so often. */
const play = async (runsUntilAsItWas: number) => {
  const ran: string[] = [];
  const stopped = new Set<string>();
  const isOpen = () => stopped.size > 0 || ran.filter((run) => run === 'all').length < runsUntilAsItWas;
  const query = async () => ({
    columns: [{ name: 'Job', type: 'string' }],
    rows: isOpen() ? [{ Job: 'keyvault-scan' }] : [],
  });
  const stage = {
    app: { folder: { path: '/nowhere' }, telemetry: { store: { query } } },
    clock: { nowEpochMs: () => 0 },
    stopped,
    run: async () => void ran.push('all'),
    runningOnly: (timers: readonly string[]) => ({ ...stage, run: async () => void ran.push(timers.join()) }),
  } as unknown as Stage;
  const terminal = recordingTerminal();
  const options = { stage, terminal, isPlayed: true, stop: new AbortController().signal };
  const outcome = await playGameDay(GAME_DAY, { ...options, acts: () => 0, begin: () => undefined });
  return { ran, outcome, printed: terminal.printed };
};

it('breaks the company, and runs the timers it is about until the alert is over', async () => {
  const { ran, outcome, printed } = await play(0);
  expect([ran, outcome]).toEqual([['scanTimer'], 'mended']);
  expect(printed.join('\n')).toContain('✓ Mended: the alert is over');
});

it('has every timer run before, where the alert is open of what earlier game days left out', async () => {
  expect(await play(1)).toMatchObject({ ran: ['all', 'scanTimer'], outcome: 'mended' });
  await expect(play(2)).rejects.toThrow('scan-missed fires for keyvault-scan before anything is broken');
});

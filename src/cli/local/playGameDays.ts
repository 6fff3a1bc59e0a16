import { nearestName } from '../../lib/kernel/nearestName.ts';
import { printable } from '../../lib/kernel/printable.ts';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import { UsageError } from '../../lib/kernel/usageError.ts';
import { type Orders, startControl } from '../../local/control.ts';
import type { GameDay, Step } from '../../local/gameDay/gameDay.ts';
import { gameDays } from '../../local/gameDay/gameDays.ts';
import { stageOf } from '../../local/gameDay/stage.ts';
import { EXIT } from '../exit.ts';
import { endOnSignal } from './endOnSignal.ts';
import { gameDayList } from './gameDayWords.ts';
import { ordersOf } from './orders.ts';
import { BEAT_MS, playGameDay } from './playGameDay.ts';
import { startApp } from './startApp.ts';

export interface GameDayOptions {
  /** The runbook is followed here, and by no person. */
  readonly isPlayed: boolean;
  readonly port: number;
}

/** @throws UsageError for what has no game day */
const chosen = (names: readonly string[]): readonly GameDay[] =>
  names.flatMap((name) => {
    if (name === 'all') return gameDays;
    const found = gameDays.find(({ rule }) => rule === name);
    if (found !== undefined) return [found];
    const rules = gameDays.map(({ rule }) => rule);
    const near = nearestName(name, rules);
    const hint = near === undefined ? 'npm start -- --game-day list names them' : `did you mean ${near}?`;
    throw new UsageError(`--game-day: there is none called "${printable(name)}"; ${hint}`);
  });

/** Breaks a company of its own, one way after the other, and sees each of them mended. Gives the exit code. */
export const playGameDays = async (
  names: readonly string[],
  { isPlayed, port }: GameDayOptions,
  terminal: Terminal,
): Promise<number> => {
  if (names.includes('list')) {
    gameDayList(gameDays).forEach(terminal.print);
    return EXIT.quiet;
  }
  const played = chosen(names);
  // That functions fail is what is played, and no news.
  const quiet = { ...terminal, note: () => undefined };
  const { app, clock, failures } = await startApp({ once: true, days: 0, folder: undefined, port }, quiet);
  const stop = new AbortController();
  void endOnSignal(() => stop.abort());
  let steps: readonly Step[] = [];
  let acts = 0;
  app.telemetry.whenGrantChanges(() => {
    acts += 1;
  });
  const outside = async (place: string): Promise<string> => {
    const step = steps[Number(place) - 1];
    if (step === undefined || !('act' in step))
      throw new UsageError(`--outside: step ${printable(place)} is none that others do`);
    await step.act();
    // Whether it is mended is seen at once: whoever waits for that sleeps by this clock.
    clock.moveForward(BEAT_MS);
    return 'Done, as somebody with the right to it does in Azure.';
  };
  const orders = { ...ordersOf(app, clock), outside };
  const closeControl = await startControl(
    app.folder.path,
    counting(orders, () => (acts += 1)),
  );
  try {
    const stage = stageOf(app, clock);
    terminal.progress('a first run of every timer …');
    await stage.run();
    const [failure] = failures;
    if (failure !== undefined) throw new Error(`${failure.functionName} fails before anything is broken`);
    for (const gameDay of played) {
      const outcome = await playGameDay(gameDay, {
        ...{ stage, terminal, isPlayed, stop: stop.signal, acts: () => acts },
        begin(next) {
          steps = next;
          acts = 0;
        },
      });
      if (outcome !== 'mended') return outcome === 'stopped' ? EXIT.quiet : EXIT.attention;
    }
    return EXIT.quiet;
  } finally {
    await closeControl();
    await app.close();
  }
};

const counting = (orders: Orders, count: () => void): Orders =>
  Object.fromEntries(
    Object.entries(orders).map(([name, order]) => [
      name,
      (argument: string) => {
        count();
        return order(argument);
      },
    ]),
  );

import { constants } from 'node:os';
import { within } from '../kernel/within.ts';

/** By then another worker may send the token again, and what this one holds is of no use any more. */
const MOST_HELD_MS = 15 * 60_000;

/** A platform that takes an instance away, a terminal that is closed, Ctrl+C in Core Tools. */
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** What of a process ends it. */
export interface EndableProcess {
  exit(code?: number | string | null): never;
  on(signal: (typeof SIGNALS)[number], listener: () => void): unknown;
}

/** The work that must not be cut off. */
export interface Unfinished {
  isBusy(): boolean;
  /** Begins nothing new and resolves when what was begun has ended. */
  finish(): Promise<void>;
}

/**
 * Holds back the end of a process until its work is finished, a quarter of an hour at most. Flex Consumption
 * ends workers by SIGTERM, which no hook of the programming model hears of; and where the host goes first,
 * the worker calls `process.exit` as soon as its stream breaks. Nothing helps against SIGKILL.
 *
 * While work is under way `process.exit` returns to its caller, against its type: the worker calls it last.
 */
export const holdEnd = (worker: EndableProcess, { isBusy, finish }: Unfinished): void => {
  const exit = worker.exit.bind(worker);
  let isEnding = false;
  const end = (code?: number | string | null): void => {
    if (isEnding) return;
    isEnding = true;
    void within(MOST_HELD_MS, finish()).then(() => exit(code));
  };
  worker.exit = ((code) => (isEnding || isBusy() ? end(code) : exit(code))) as EndableProcess['exit'];
  for (const signal of SIGNALS) worker.on(signal, () => end(128 + constants.signals[signal]));
};

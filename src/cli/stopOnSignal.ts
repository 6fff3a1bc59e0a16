import type { EventEmitter } from 'node:events';
import type { Terminal } from '../lib/kernel/terminal.ts';

/** SIGHUP: the terminal was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A signal that is aborted when somebody asks the command to stop: for what must come to its end first, as a
 * refresh whose new token may be on its way. A second request ends the process as it always does.
 */
export const stopOnSignal = (
  terminal: Pick<Terminal, 'note'>,
  signals: Pick<EventEmitter, 'once' | 'off'>,
): AbortSignal => {
  const stop = new AbortController();
  const onSignal = (): void => {
    for (const name of SIGNALS) signals.off(name, onSignal);
    terminal.note(
      'Stops after the refresh under way: its new token may be on its way. Again: stops at once.',
    );
    stop.abort();
  };
  for (const name of SIGNALS) signals.once(name, onSignal);
  return stop.signal;
};

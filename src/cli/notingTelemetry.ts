import { printable } from '../lib/kernel/printable.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { silentTelemetry } from '../lib/telemetry/silentTelemetry.ts';
import type { Telemetry } from '../lib/telemetry/telemetry.ts';

/** For a command with a person before it: nobody else is told, and what a source could not find out is a note, once. */
export const notingTelemetry = ({ note }: Pick<Terminal, 'note'>): Telemetry => {
  const said = new Set<string>();
  return {
    ...silentTelemetry(() => undefined),
    failure({ message, action }) {
      const words = printable(`${message} ${action}`, 800);
      if (said.has(words)) return;
      said.add(words);
      note(words);
    },
  };
};

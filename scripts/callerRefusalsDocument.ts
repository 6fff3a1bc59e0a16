import { CALLER_REFUSALS } from '../src/lib/credentials/callerRefusals.ts';
import { markdownTable } from './markdownTable.ts';

const HEAD = `<!-- Made by \`npm run docs\` from src/lib/credentials/callerRefusals.ts; edits here are lost. -->

# Refusals of callers

Whoever is turned away gets the code as \`reason\` of a JSON answer, and it is the \`reason\` of the event
\`keywatch.caller.refused\`. [callers.md](callers.md) says in which order these are found.`;

/** docs/caller-refusals.md, made from the table of refusals. */
export const callerRefusalsDocument = (): string =>
  `${HEAD}\n\n${markdownTable(
    ['reason', 'status', 'meaning', 'what to do'],
    Object.entries(CALLER_REFUSALS).map(([reason, { status, meaning, action }]) => [
      `\`${reason}\``,
      String(status),
      meaning,
      action,
    ]),
  )}\n`;

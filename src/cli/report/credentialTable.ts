import { codesOf } from '../../lib/credentials/codesOf.ts';
import { asksForAttention, hasEndedLongAgo } from '../../lib/credentials/endedLongAgo.ts';
import { counted, fromNow } from '../../lib/kernel/humanTime.ts';
import { isoDate } from '../../lib/kernel/instant.ts';
import { printable } from '../../lib/kernel/printable.ts';
import { wordsOf } from '../../lib/kernel/wordsOf.ts';
import type { Assessment } from '../../lib/scan/rules/credential.ts';
import { worstFirst } from '../../lib/scan/rules/worstFirst.ts';
import { statusStyle } from './style.ts';
import { type Cell, type Column, renderTable, type TableStyle } from './table.ts';
import { type Scanned, targetHeading } from './targetWords.ts';

const columns = (holder: string): readonly Column[] => [
  { heading: 'STATUS' },
  { heading: 'CREDENTIAL', least: 20 },
  { heading: holder.toUpperCase(), least: 14, dispensable: 1 },
  { heading: 'KIND', dispensable: 2 },
  { heading: 'ENDS', align: 'right' },
  { heading: 'ON', dispensable: 4 },
  { heading: 'OWNER', least: 16 },
  { heading: 'FINDINGS', least: 21, dispensable: 3 },
];

/**
 * The table of credentials, worst first. Names and owners come from outside and are made printable here.
 * @param scans those that saw them
 */
export const credentialTable = (
  assessments: readonly Assessment[],
  scans: readonly Scanned[],
  nowEpochMs: number,
  { paint, width }: TableStyle,
): string[] =>
  renderTable(
    columns(targetHeading(scans)),
    [...assessments].sort(worstFirst).map((assessment) => rowOf(assessment, nowEpochMs)),
    paint,
    width,
  );

/** Counts what a table leaves out. @param listed how many it has */
export const restLine = (assessments: readonly Assessment[], listed: number, nowEpochMs: number): string => {
  const rest = assessments.filter((one) => !asksForAttention(one, nowEpochMs));
  const sortOf = (one: Assessment) =>
    one.suppressed ?? (hasEndedLongAgo(one, nowEpochMs) ? 'ended_long_ago' : one.status);
  const sorts = [...Map.groupBy(rest.toSorted(worstFirst), sortOf)].map(
    ([sort, those]) => `${those.length} ${wordsOf(sort)}`,
  );
  const which = listed === 0 ? 'Nothing needs attention;' : 'The rest needs none:';
  return `${which} ${counted(rest.length, 'credential')} (${sorts.join(', ')}). --all shows ${rest.length === 1 ? 'it' : 'them'}.`;
};

const rowOf = (assessment: Assessment, nowEpochMs: number): Cell[] => {
  const { status, name, vault, kind, expiresOnEpochMs, owner, suppressed } = assessment;
  const { mark, words, colour } = statusStyle(status);
  const muted = suppressed === undefined ? colour : 'grey';
  return [
    { text: `${mark} ${words}${suppressedWords(assessment)}`, colour: muted },
    { text: printable(name, 44) },
    { text: printable(vault, 32) },
    { text: kind },
    { text: expiresOnEpochMs === undefined ? 'never' : fromNow(expiresOnEpochMs, nowEpochMs), colour: muted },
    { text: expiresOnEpochMs === undefined ? '-' : isoDate(expiresOnEpochMs) },
    { text: owner === undefined ? '-' : printable(owner, 36) },
    { text: findingsText(assessment) },
  ];
};

const suppressedWords = ({ suppressed }: Assessment): string =>
  suppressed === undefined ? '' : `, ${wordsOf(suppressed)}`;

/**
 * Until when it is snoozed, then the codes in words, each once; `no_expiry` is left out where the status says it
 * already. The date is not beside the status, a column that is never cut: few rows have one.
 */
const findingsText = (one: Assessment): string => {
  const { status, suppressed, snoozedUntilEpochMs } = one;
  const codes = codesOf(one).filter((code) => code !== status);
  const snooze =
    suppressed === 'snoozed' && snoozedUntilEpochMs !== undefined
      ? [`snoozed to ${isoDate(snoozedUntilEpochMs)}`]
      : [];
  return [...snooze, ...codes.map(wordsOf)].join(', ');
};

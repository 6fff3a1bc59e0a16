import { codesOf } from '../../lib/credentials/codesOf.ts';
import { FINDINGS, type FindingCode } from '../../lib/credentials/findings.ts';
import { describeDuration, fromNow } from '../../lib/kernel/humanTime.ts';
import { isInstant, isoDate } from '../../lib/kernel/instant.ts';
import { printable } from '../../lib/kernel/printable.ts';
import { wordsOf } from '../../lib/kernel/wordsOf.ts';
import type { Assessment } from '../../lib/scan/rules/credential.ts';
import { describeRenewal } from '../../lib/scan/rules/renewal.ts';
import { type Judgement, type Origins, originsOf, type Resolvable } from '../../lib/scan/rules/resolve.ts';
import { firstSaying } from '../../lib/scan/rules/sources.ts';
import { statusStyle } from './style.ts';
import { renderTable, type TableStyle } from './table.ts';
import { wrapText } from './wrapText.ts';

/** Whether a person means this credential by a name: its own, or its id, as the table and alerts have them. */
export const isCalled =
  (given: string) =>
  ({ name, credentialId }: Pick<Assessment, 'name' | 'credentialId'>): boolean =>
    [name, credentialId].some((one) => one.toLowerCase() === given.toLowerCase());

/** Each value that steers the alerts of one credential, who said it, and its findings. What comes from outside is made printable. */
export const explainCredential = (
  assessment: Assessment,
  nowEpochMs: number,
  { paint, width }: TableStyle,
): string[] => {
  const { credentialId, status, expiresOnEpochMs, supersededBy, judgement } = assessment;
  const { mark, words, colour } = statusStyle(status);
  const ends =
    expiresOnEpochMs === undefined
      ? 'never ends'
      : `ends ${isoDate(expiresOnEpochMs)}, ${fromNow(expiresOnEpochMs, nowEpochMs)}`;
  const successor = supersededBy === undefined ? '' : `, superseded by ${printable(supersededBy, 120)}`;
  const origins: Origins = judgement === undefined ? {} : originsOf(judgement);
  return [
    `${paint(printable(credentialId, 200), 'bold')}: ${paint(`${mark} ${words}`, colour)}, ${ends}${successor}`,
    ...renderTable(
      [{ heading: 'VALUE' }, { heading: 'IS', least: 20 }, { heading: 'FROM' }],
      Object.entries(valuesOf(assessment)).map(([value, is = '-']) => [
        { text: value },
        { text: printable(is, 120) },
        { text: printable(origins[value as Resolvable] ?? '-', 200) },
      ]),
      paint,
      width,
    ),
    ...codesOf(assessment).flatMap((code) => findingLines(assessment, code, width)),
  ];
};

/** What was seen, and what its owner does about it: a tag that cannot be read says nothing of the values. */
const findingLines = ({ findings }: Assessment, code: FindingCode, width: number | undefined): string[] => [
  ...findings
    .filter((one) => one.code === code)
    .flatMap(({ detail }) => wrapText(`▲ ${wordsOf(code)}: ${printable(detail, 500)}`, width)),
  ...wrapText(`Fix: ${FINDINGS[code].fix.replaceAll('`', '')}`, width, '  '),
];

/** In the order in which they are shown. */
const valuesOf = (one: Assessment): Readonly<Record<Resolvable, string | undefined>> => {
  const { snoozedBy, ignoredBy } = one.judgement?.resolution ?? {};
  return {
    owner: one.owner,
    warning: fromOn(one.warningAtEpochMs, one.expiresOnEpochMs),
    critical: fromOn(one.criticalAtEpochMs, one.expiresOnEpochMs),
    renews: one.renewal && describeRenewal(one.renewal),
    mustExpire: yesOrNo(one.judgement),
    runbook: one.runbook,
    targets: one.targets?.join(', '),
    snooze: until(snoozedBy?.says.snoozeUntilEpochMs),
    ignore: until(ignoredBy?.says.ignoreUntilEpochMs),
  };
};

/** Not what somebody wrote, but what came of it: of a short life a threshold takes a share. */
const fromOn = (epochMs: number | undefined, endEpochMs: number | undefined): string | undefined =>
  epochMs === undefined || endEpochMs === undefined
    ? undefined
    : `from ${isoDate(epochMs)}, ${describeDuration(endEpochMs - epochMs)} before its end`;

const until = (epochMs: number | undefined): string | undefined => {
  if (epochMs === undefined) return undefined;
  return isInstant(epochMs) ? `until ${isoDate(epochMs)}` : 'for good';
};

const yesOrNo = (judgement: Judgement | undefined): string | undefined => {
  const said = firstSaying(judgement?.resolution.sources ?? [], 'mustExpire').says.mustExpire;
  if (said === undefined) return undefined;
  return said ? 'yes' : 'no';
};

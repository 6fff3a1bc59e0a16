import { fromNow } from '../../lib/kernel/humanTime.ts';
import { isoSeconds } from '../../lib/kernel/instant.ts';
import { printable } from '../../lib/kernel/printable.ts';
import { wordsOf } from '../../lib/kernel/wordsOf.ts';
import type { RefreshExplanation } from '../../lib/refresh/explainRefresh.ts';
import type { RefreshOutcome } from '../../lib/refresh/refreshOutcome.ts';
import type { Colour, Paint } from './style.ts';

const WOULD: Readonly<Record<RefreshExplanation['would'], { mark: string; words: string; colour: Colour }>> =
  {
    refresh: { mark: '→', words: 'would be refreshed', colour: 'green' },
    recover: { mark: '→', words: 'would be recovered', colour: 'yellow' },
    wait: { mark: '…', words: 'would be waited for', colour: 'yellow' },
    leave: { mark: '-', words: 'would be left alone', colour: 'grey' },
    unknown: { mark: '✗', words: 'cannot be judged', colour: 'red' },
  };

/** What would be done with a grant, and why. */
export const explanationLines = (
  { grantId, would, reason, notes }: RefreshExplanation,
  paint: Paint,
): string[] => {
  const { mark, words, colour } = WOULD[would];
  return [
    `${paint(mark, colour)} ${grantId} ${paint(words, colour)}: ${printable(reason, 400)}`,
    ...notes.map((note) => `    ${printable(note, 400)}`),
  ];
};

const CONSENT_AGAIN =
  'Renew the consent and write the new token into its secret; Keywatch takes it up by itself.';

/** What came of looking at a grant, and what to do about it; `undefined` is a grant that is not ours to refresh. */
export const outcomeLines = (
  grantId: string,
  outcome: RefreshOutcome | undefined,
  nowEpochMs: number,
  paint: Paint,
): string[] => {
  const good = (text: string): string[] => [`${paint('✓', 'green')} ${grantId}: ${text}`];
  const idle = (text: string): string[] => [`${paint('-', 'grey')} ${grantId}: ${text}`];
  if (outcome === undefined) return idle('another system refreshes it; Keywatch only watches its age');
  switch (outcome.kind) {
    case 'refreshed': {
      const { rotated, seq, deadlineEpochMs, deviations } = outcome;
      return [
        ...good(
          `refreshed${rotated ? ', rotated' : ''}, stored as no. ${seq}${deadline(deadlineEpochMs, nowEpochMs)}`,
        ),
        ...deviations.map(({ text }) => `    ${paint('▲', 'yellow')} the answer: ${printable(text, 300)}`),
      ];
    }
    case 'recovered':
      return good(
        `a token sealed by an earlier attempt is stored as no. ${outcome.seq}${deadline(outcome.deadlineEpochMs, nowEpochMs)}`,
      );
    case 'busy':
      return idle('another worker is at it');
    case 'stopped':
      return idle('not refreshed: this process was told to end');
    case 'waiting':
      return idle(`waits until ${isoSeconds(outcome.untilEpochMs)}: ${printable(outcome.reason, 300)}`);
    case 'not_due':
      return idle(printable(outcome.reason, 300));
    case 'quarantined':
      return [
        `${paint('✗', 'red')} ${grantId}: dead since ${isoSeconds(outcome.sinceEpochMs)}; nothing was sent`,
        `    ${printable(outcome.action ?? CONSENT_AGAIN, 400)}`,
      ];
    default:
      return [
        `${paint('✗', 'red')} ${grantId}: ${wordsOf(outcome.kind)} (${outcome.code}): ${printable(outcome.message, 400)}`,
        `    ${printable(outcome.action, 400)}`,
      ];
  }
};

const deadline = (deadlineEpochMs: number | undefined, nowEpochMs: number): string =>
  deadlineEpochMs === undefined
    ? ''
    : `; dies ${fromNow(deadlineEpochMs, nowEpochMs)} unless refreshed (${isoSeconds(deadlineEpochMs)})`;

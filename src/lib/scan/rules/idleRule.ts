import { isoSeconds } from '../../kernel/instant.ts';
import type { ConfigRule, RuleMatch } from './configRule.ts';
import { isTooFar, MAXIMUM_RULE_DAYS } from './resolve.ts';

/**
 * Why a rule does nothing, or not all that it says, with what to do; `undefined` for one that is in order.
 * @param isUsed whether it matches some credential; absent: nobody knows
 */
export const whyIdle = (
  { origin, match, says }: ConfigRule,
  isUsed: boolean | undefined,
  nowEpochMs: number,
): string | undefined => {
  if (isUsed === false)
    return `${origin} of the config matches no credential (${describeMatch(match)}): correct it, or take it out.`;
  for (const member of ['snoozeUntilEpochMs', 'ignoreUntilEpochMs'] as const) {
    const untilEpochMs = says[member];
    if (untilEpochMs === undefined) continue;
    const name = member === 'snoozeUntilEpochMs' ? 'snoozeUntil' : 'ignoreUntil';
    const until = `${name} of ${origin} of the config (${isoSeconds(untilEpochMs)})`;
    if (untilEpochMs < nowEpochMs) return `${until} has passed: renew it with its reason, or take it out.`;
    if (isTooFar(member, untilEpochMs, nowEpochMs))
      return `${until} is more than ${MAXIMUM_RULE_DAYS[member]} days ahead, and silences nothing until it is not: write an earlier end.`;
  }
  return undefined;
};

const describeMatch = (match: RuleMatch): string =>
  Object.entries(match)
    .map(([member, value]) => `${member} ${value}`)
    .join(', ');

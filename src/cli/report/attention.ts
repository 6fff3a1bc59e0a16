import { needsAttention } from '../../lib/credentials/statuses.ts';
import type { Assessment } from '../../lib/scan/rules/credential.ts';

/** Of what ended long ago and broke nothing: a finding, as in the alerts and on the board. */
export const isLongGone = ({ findings }: Assessment): boolean =>
  findings.some(({ code }) => code === 'ended_long_ago');

/** Whether somebody has to act on it. */
export const asksForAttention = (one: Assessment): boolean => needsAttention(one) && !isLongGone(one);

import { isoSeconds } from '../../kernel/instant.ts';
import type { Tokens } from '../../oauth/ports.ts';
import { canLoseToken } from '../../oauth/rules/rotation.ts';
import { type FailedOutcome, passing, type RefreshOutcome } from '../refreshOutcome.ts';
import { afterGraceAcceptance } from '../rules/intentDeadline.ts';
import { type PreparedAttempt, withFailure } from './attempt.ts';
import type { Lost } from './exchange.ts';
import { evidenceText, keepEvidence } from './keepEvidence.ts';
/**
 * A success that proves less than it says: after a lost answer the token was accepted once more inside its grace
 * window, and nothing took its place. The lost answer may have held the successor, and then what is stored ends
 * with the window. Absent: the answer can be taken as it is.
 *
 * @param lost what came of this attempt's requests before; absent: nothing was lost in this attempt
 */
export const recordDoubtful = (
  prepared: PreparedAttempt,
  answer: Tokens,
  lost: Lost | undefined,
): Promise<RefreshOutcome> | undefined => {
  const { intent, profile, base, leased } = prepared;
  const isKept = answer.refreshToken === undefined || answer.refreshToken === base.value;
  const wasLost = intent.isRetry || lost !== undefined;
  if (!isKept || !wasLost || intent.again !== undefined || !canLoseToken(profile.rotation)) return undefined;
  const waiting = afterGraceAcceptance(intent, leased.storeNowEpochMs());
  return waiting && reportDoubt({ ...prepared, intent: waiting }, answer, lost?.evidence);
};

const reportDoubt = async (
  prepared: PreparedAttempt,
  { httpStatus }: Tokens,
  evidence: Lost['evidence'],
): Promise<RefreshOutcome> => {
  const { grant, intent, record, leased } = prepared;
  const kept = evidence && (await keepEvidence(prepared, evidence));
  const from = isoSeconds(intent.lastResortFromEpochMs);
  const failed: FailedOutcome = passing('ambiguous', {
    code: 'successor_in_doubt',
    message: `Grant ${grant.id}: an answer was lost, and the same token was accepted once more within its grace window without a new one; the lost answer may have held that, and then the stored token ends with the window.${evidenceText(evidence, kept)}`,
    action: `Nothing yet: it is tried again from ${from} on, when the window has closed; if the token is refused then, a person has to consent again.`,
    httpStatus,
  });
  await leased.write(withFailure(prepared, record, failed, intent));
  return failed;
};

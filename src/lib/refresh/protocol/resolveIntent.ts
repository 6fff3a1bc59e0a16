import { isoSeconds } from '../../kernel/instant.ts';
import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { isByHand, type RefreshTrigger } from '../../oauth/rules/refreshTriggers.ts';
import { canLoseToken } from '../../oauth/rules/rotation.ts';
import { passing, type RefreshOutcome } from '../refreshOutcome.ts';
import type { ControlRecord, IntentPhase } from '../rules/controlRecord.ts';
import { believedIntent, decideAmbiguous } from '../rules/intentDeadline.ts';
import { coolDownEnd } from '../rules/refreshFailure.ts';
import type { Attempt, LatestToken } from './attempt.ts';
import { recordDead, stayDead } from './recordDead.ts';
import { recoverFromFallback } from './recoverFromFallback.ts';

export type IntentResolution =
  | { readonly kind: 'done'; readonly outcome: RefreshOutcome }
  /** The same token may be sent again. */
  | { readonly kind: 'retry'; readonly intent: IntentPhase }
  /** It could be sent again, if it were known that the fallback store does not hold its successor. */
  | { readonly kind: 'unknown'; readonly failure: StoreFailure }
  /** The vault holds another token than the one that was being spent: the record has to follow it. */
  | { readonly kind: 'moved_on' };

/** Code of an attempt whose end is unknown and that is waited out. */
export const INTERRUPTED = 'interrupted';

/** What time says of an attempt without an end. A person who asks by hand waits for no cool-down. */
export const decideByTime = (
  trigger: RefreshTrigger,
  { failures }: Pick<ControlRecord, 'failures'>,
  intent: IntentPhase,
  nowEpochMs: number,
) => decideAmbiguous(intent, nowEpochMs, isByHand(trigger) ? 0 : coolDownEnd(failures, nowEpochMs));

/**
 * An intent without an end was found: its writer crashed, stands still, or got no answer. Looks in every
 * place where the answer can be, and otherwise lets time decide.
 */
export const resolveIntent = async (
  attempt: Attempt,
  record: ControlRecord,
  found: IntentPhase,
  latest: LatestToken,
): Promise<IntentResolution> => {
  const nowEpochMs = attempt.leased.storeNowEpochMs();
  const intent = believedIntent(found, attempt.timings, nowEpochMs);
  // On record, or it would count from each look anew.
  if (intent !== found) await attempt.leased.write({ ...record, phase: intent });
  const base = intent.baseFingerprint ?? latest.fingerprint;
  if (latest.fingerprint !== base) return { kind: 'moved_on' };
  const { refusal } = intent;
  if (refusal !== undefined) {
    const prepared = { ...attempt, record, intent, base: latest };
    return { kind: 'done', outcome: await recordDead(prepared, refusal) };
  }
  const kept = await recoverFromFallback(attempt, record, intent.baseVersions);
  if (kept.kind === 'done') return kept;
  if (intent.again !== undefined)
    return { kind: 'done', outcome: await stayDead(attempt, record, intent, intent.again, latest) };
  const decision = decideByTime(attempt.trigger, record, intent, nowEpochMs);
  const mayReplay = decision.kind === 'last_resort' && canLoseToken(attempt.profile.rotation);
  if (mayReplay && kept.kind === 'unknown') return kept;
  if (decision.kind !== 'wait') return { kind: 'retry', intent };
  const until = isoSeconds(decision.untilEpochMs);
  const reason = `an earlier attempt's end is unknown; its answer may still arrive until ${until}`;
  const waiting: RefreshOutcome = { kind: 'waiting', untilEpochMs: decision.untilEpochMs, reason };
  if (intent.reported || !canLoseToken(attempt.profile.rotation)) return { kind: 'done', outcome: waiting };
  return {
    kind: 'done',
    outcome: passing('ambiguous', {
      code: INTERRUPTED,
      message: `Grant ${attempt.grant.id}: a refresh began at ${isoSeconds(intent.startedAtEpochMs)} and its end is unknown; the token may have been replaced.`,
      action: `Nothing yet: it is tried once more from ${until} on; if that fails, a person has to consent again.`,
    }),
  };
};

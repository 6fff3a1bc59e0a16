import type { ProofOutcome } from '../../credentials/proofOutcomes.ts';
import { TAGS } from '../../credentials/tagNames.ts';
import { type Failure, permanentFailure } from '../../kernel/failure.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { inUseOf, removableOf } from '../rules/removable.ts';
import { BETWEEN_PROOFS_MS, PERMANENT_RETRY_MS } from '../rules/rotation.ts';
import { nextLookEpochMs } from './begin.ts';
import { failed, type RotationWork, removalView, type Step, type Turn, whileOurs } from './step.ts';

/**
 * One secret that nobody needs is removed; the next turn reads anew. Two changes of an application in quick
 * succession are refused, and what a read shows may be behind: so the secret that stays is proven first.
 */
export const removeOne: Step = async (work) => {
  const view = removalView(work);
  const [first] = removableOf(view);
  if (first === undefined) return undefined;
  if (first.why === 'orphan') return remove(work, first.keyId);
  const { ports, rotation, signal } = work;
  const { appId, keepOldDays } = rotation;
  const use = keepOldDays === 0 ? undefined : await ports.use?.lastUses(appId, keepOldDays, signal);
  if (use === undefined) return removeProven(work, first.keyId);
  if (!use.ok) return withoutLogs(work, first.keyId, use);
  const known = { ...view, lastUses: use.lastUses };
  const [free] = removableOf(known);
  const phase = withUnanswered(work, undefined);
  if (free === undefined)
    return { outcome: 'in_use', ...inUseOf(known), phase, nextEpochMs: nextLookEpochMs(work) };
  const turn = await removeProven(work, free.keyId);
  const reason = turn.outcome === 'removed' && use.lastUses === undefined ? 'use_unknown' : undefined;
  return { phase, reason, ...turn };
};

/**
 * Whether somebody uses the old secret cannot be asked: what silence may hide is not removed now. It is asked again,
 * and from the first time that it failed the set time decides alone, so that no fault of logs keeps a secret for ever.
 */
const withoutLogs = async (work: RotationWork, keyId: string, failure: Failure): Promise<Turn> => {
  const { rotation, record, nowEpochMs } = work;
  const unanswered = record.phase.state === 'idle' ? record.phase.unansweredSinceEpochMs : undefined;
  const sinceEpochMs = unanswered ?? nowEpochMs;
  const untilEpochMs = sinceEpochMs + rotation.keepOldDays * DAY_MS;
  const phase = withUnanswered(work, sinceEpochMs);
  if (nowEpochMs >= untilEpochMs) return { phase, failure, ...(await removeProven(work, keyId)) };
  return {
    ...failed(work, failure, phase),
    keyId,
    nextEpochMs: Math.min(untilEpochMs, nowEpochMs + PERMANENT_RETRY_MS, nextLookEpochMs(work)),
  };
};

const withUnanswered = ({ record: { phase } }: RotationWork, unansweredSinceEpochMs: number | undefined) =>
  phase.state === 'idle' ? { ...phase, unansweredSinceEpochMs } : undefined;

const removeProven = async (work: RotationWork, keyId: string): Promise<Turn> =>
  (await proveHeld(work)) ?? remove(work, keyId);

/** What says that it is the secret which is not accepted: another one is no help against a policy or a missing role. */
const OF_THE_SECRET: ReadonlySet<ProofOutcome> = new Set(['credential_wrong', 'credential_expired']);

/** The secret that stays is proven once more; what speaks against that ends the turn. */
const proveHeld = async (work: RotationWork): Promise<Turn | undefined> => {
  const { ports, rotation, held, nowEpochMs } = work;
  const request = { rotation, secret: held?.value ?? '', madeEpochMs: held?.createdEpochMs };
  const proven = await ports.proof.prove(request, work);
  if (proven.ok) return undefined;
  if (proven.code === 'settling')
    return { outcome: 'settling', nextEpochMs: nowEpochMs + BETWEEN_PROOFS_MS, failure: proven };
  return failed(work, OF_THE_SECRET.has(proven.code) ? { ...proven, ...heldIsRefused(work) } : proven);
};

const remove = async (work: RotationWork, keyId: string): Promise<Turn> => {
  const { ports, application, nowEpochMs } = work;
  const notOurs = await whileOurs(work);
  if (notOurs !== undefined) return failed(work, notOurs);
  const removed = await ports.directory.removeSecret(application.id, keyId, work.signal);
  if (!removed.ok) return failed(work, removed);
  return { outcome: 'removed', keyId, nextEpochMs: nowEpochMs + BETWEEN_PROOFS_MS };
};

const heldIsRefused = ({ rotation }: RotationWork) =>
  permanentFailure({
    code: 'rotation_held_refused',
    message: `The secret that ${rotation.secret.name} holds is not accepted by Entra ID, so that no other secret of ${rotation.id} is removed.`,
    action: `Write a secret that works into ${rotation.secret.name}, without the tag ${TAGS.keyId}; it is taken up by the next run.`,
  });

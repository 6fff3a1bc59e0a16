import { TAGS } from '../../credentials/tagNames.ts';
import { permanentFailure } from '../../kernel/failure.ts';
import { digestOf } from '../../stores/digestOf.ts';
import { type RemovalView, removableOf } from '../rules/removable.ts';
import { BETWEEN_PROOFS_MS, LOOK_EVERY_MS } from '../rules/rotation.ts';
import { failed, type RotationWork, type Step, type Turn, whileOurs } from './step.ts';

export const removalView = ({ application, record, ...work }: RotationWork): RemovalView => ({
  ...work,
  heldKeyId:
    work.held && record.stored?.digest === digestOf(work.held.value) ? record.stored.keyId : undefined,
  credentials: application.credentials,
  abandoned: record.phase.state === 'idle' ? record.phase.abandoned : undefined,
});

/**
 * One secret that nobody needs is removed; the next turn reads anew. Two changes of an application in quick
 * succession are refused, and what a read shows may be behind: so the secret that stays is proven first.
 */
export const removeOne: Step = async (work) => {
  let inUse: string | undefined;
  for (const { keyId, why } of removableOf(removalView(work))) {
    if (why === 'orphan') return remove(work, keyId);
    const use = await work.ports.use?.lastUse(
      work.rotation.appId,
      keyId,
      Math.max(work.rotation.keepOldDays, 1),
    );
    if (use?.ok === false) return failed(work, use);
    if (use === undefined || typeof use.used === 'string')
      return (await proveHeld(work)) ?? remove(work, keyId);
    inUse ??= keyId;
  }
  // A look a day is no later than `rest` would have it.
  return inUse === undefined
    ? undefined
    : { outcome: 'in_use', keyId: inUse, nextEpochMs: work.nowEpochMs + LOOK_EVERY_MS };
};

/** The secret that stays is proven once more; what speaks against that ends the turn. */
const proveHeld = async (work: RotationWork): Promise<Turn | undefined> => {
  const { ports, rotation, held, nowEpochMs } = work;
  const request = { rotation, secret: held?.value ?? '', madeEpochMs: held?.createdEpochMs };
  const proven = await ports.proof.prove(request, work);
  if (proven.ok) return undefined;
  if (proven.code === 'settling')
    return { outcome: 'settling', nextEpochMs: nowEpochMs + BETWEEN_PROOFS_MS, failure: proven };
  return failed(work, proven.retryable ? proven : { ...proven, ...heldIsRefused(work) });
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

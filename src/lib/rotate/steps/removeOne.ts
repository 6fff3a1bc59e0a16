import { TAGS } from '../../credentials/tagNames.ts';
import { permanentFailure } from '../../kernel/failure.ts';
import { type RemovalView, removableOf } from '../rules/removable.ts';
import { BETWEEN_PROOFS_MS } from '../rules/rotation.ts';
import { failed, type RotationWork, type Step, whileOurs } from './step.ts';

export const removalView = ({ application, ...work }: RotationWork): RemovalView => ({
  ...work,
  credentials: application.credentials,
});

/**
 * One secret that nobody needs is removed; the next turn reads anew. Two changes of an application in quick
 * succession are refused, and what a read shows may be behind: so the secret that stays is proven first.
 */
export const removeOne: Step = async (work) => {
  const { ports, rotation, application, held, nowEpochMs } = work;
  const [removable] = removableOf(removalView(work));
  if (removable === undefined) return undefined;
  if (removable.why === 'superseded') {
    const proven = await ports.proof.prove(
      { rotation, secret: held?.value ?? '', madeEpochMs: held?.createdEpochMs },
      work,
    );
    if (!proven.ok && proven.code === 'settling')
      return { outcome: 'settling', nextEpochMs: nowEpochMs + BETWEEN_PROOFS_MS };
    if (!proven.ok) return failed(work, proven.retryable ? proven : { ...proven, ...heldIsRefused(work) });
  }
  const notOurs = await whileOurs(work);
  if (notOurs !== undefined) return failed(work, notOurs);
  const { keyId } = removable;
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

import { MOST_TAGS, TAGS } from '../../credentials/tagNames.ts';
import { secretNameOf } from '../../directory/rules/rotatedName.ts';
import { type Failure, permanentFailure } from '../../kernel/failure.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { dueEpochMsOf } from '../rules/heldSecret.ts';
import { nextRemovalEpochMs } from '../rules/removable.ts';
import {
  BETWEEN_PROOFS_MS,
  CERTAIN_AFTER_MS,
  LEASE_MS,
  LOOK_EVERY_MS,
  rotationSeal,
  TRANSIENT_RETRY_MS,
} from '../rules/rotation.ts';
import { failed, type RotationWork, removalView, type Step, whileOurs } from './step.ts';

/** Of an attempt that ended before its secret was sealed nobody has the value: it is waited out, and begun anew. */
export const waitOutIntent: Step = ({ record: { phase }, nowEpochMs }) => {
  if (phase.state !== 'intent') return undefined;
  // Its secret is younger than the attempt by less than the lease.
  const untilEpochMs = phase.startedEpochMs + CERTAIN_AFTER_MS + LEASE_MS;
  return nowEpochMs < untilEpochMs
    ? { outcome: 'settling', nextEpochMs: untilEpochMs }
    : {
        outcome: 'settling',
        // Before the next one is made, what this one left is removed.
        phase: {
          state: 'idle',
          notBeforeEpochMs: nowEpochMs + TRANSIENT_RETRY_MS,
          abandoned: phase.attemptId,
        },
        nextEpochMs: nowEpochMs,
      };
};

const dueByLifeOf = ({ rotation, application, held, nowEpochMs }: RotationWork): number =>
  dueEpochMsOf(rotation, application.credentials, held, nowEpochMs);

const dueOf = (work: RotationWork): number => {
  const { phase } = work.record;
  const notBefore = phase.state === 'idle' ? (phase.notBeforeEpochMs ?? 0) : 0;
  return Math.max(dueByLifeOf(work), notBefore);
};

/** When there is something to do again, as far as anybody can tell now. */
export const nextLookEpochMs = (work: RotationWork): number =>
  Math.min(
    dueOf(work),
    nextRemovalEpochMs(removalView(work)) ?? Number.POSITIVE_INFINITY,
    work.nowEpochMs + LOOK_EVERY_MS,
  );

export const rest: Step = (work) => ({
  // After an attempt that failed something is due, only not yet: that is no good news.
  outcome: dueByLifeOf(work) <= work.nowEpochMs ? 'settling' : 'current',
  nextEpochMs: nextLookEpochMs(work),
});

/** Makes a new secret where one is due, and seals it before anything else can happen. Its value has no other place until it is proven. */
export const addAndSeal: Step = async (work) => {
  const { ports, rotation, leased, record, application, held, nowEpochMs } = work;
  if (dueOf(work) > nowEpochMs) return undefined;
  const crowded = tooManyTags(work);
  if (crowded !== undefined) return failed(work, crowded);
  const prepared = await ports.seal.prepare();
  if (!prepared.ok) return failed(work, prepared);
  const attemptId = ports.newId();
  const noted = await leased.write({
    ...record,
    phase: { state: 'intent', attemptId, startedEpochMs: nowEpochMs },
  });
  if (!noted.ok) return failed(work, noted);
  const notOurs = await whileOurs(work);
  if (notOurs !== undefined) return failed(work, notOurs);
  // Key Vault knows whole seconds, and both ends have to be the same.
  const endEpochMs = Math.floor(nowEpochMs / 1000) * 1000 + rotation.lifetimeDays * DAY_MS;
  const displayName = secretNameOf(rotation.id, attemptId);
  const added = await ports.directory.addSecret(application.id, { displayName, endEpochMs }, work.signal);
  // The intent stands where a secret may have been made: it is waited out.
  if (!added.ok) return failed(work, added, added.mayHaveHappened ? undefined : { state: 'idle' });
  work.hold(added.secretText, 'secret');
  const envelope = prepared.seal(added.secretText, { subject: rotationSeal(rotation.id), seq: 0 });
  const { keyId } = added;
  return {
    outcome: 'added',
    keyId,
    endEpochMs: added.endEpochMs ?? endEpochMs,
    nextEpochMs: nowEpochMs + BETWEEN_PROOFS_MS,
    phase: {
      state: 'sealed',
      ...{ attemptId, keyId, envelope, proofs: 0, addedEpochMs: nowEpochMs },
      endEpochMs: added.endEpochMs ?? endEpochMs,
      baseVersion: held?.version,
    },
  };
};

/** A version that the vault would refuse is known before a secret is made for it. */
const tooManyTags = ({ rotation, held }: RotationWork): Failure | undefined => {
  const { [TAGS.app]: _app, [TAGS.keyId]: _keyId, ...others } = held?.tags ?? {};
  const count = Object.keys(others).length;
  if (count <= MOST_TAGS - 2) return undefined;
  return permanentFailure({
    code: 'rotation_too_many_tags',
    message: `Secret ${rotation.secret.name} has ${count} tags; rotation ${rotation.id} adds two, and Key Vault takes ${MOST_TAGS}.`,
    action: `Take tags off the newest version of ${rotation.secret.name} until ${MOST_TAGS - 2} are left.`,
  });
};

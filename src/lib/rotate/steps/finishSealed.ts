import { TAGS } from '../../credentials/tagNames.ts';
import { type Failure, permanentFailure } from '../../kernel/failure.ts';
import { digestOf } from '../../stores/digestOf.ts';
import {
  BETWEEN_PROOFS_MS,
  CERTAIN_AFTER_MS,
  PROOF_COUNTS_MS,
  PROOFS_NEEDED,
  rotationSeal,
  TRANSIENT_RETRY_MS,
} from '../rules/rotation.ts';
import type { SealedPhase } from '../rules/rotationRecord.ts';
import { failed, type RotationWork, type Step, type Turn, takenBack, whileOurs } from './step.ts';

/** A new secret waits, sealed: it is proven, and only then written where consumers read it. */
export const finishSealed: Step = async (work) => {
  const { record, held, nowEpochMs } = work;
  const { phase } = record;
  if (phase.state !== 'sealed') return undefined;
  const opened = await work.ports.seal.unseal(phase.envelope, rotationSeal(work.rotation.id));
  if (!opened.ok)
    return opened.retryable
      ? failed(work, opened)
      : giveUp(work, phase, { ...opened, code: 'rotation_seal_lost' });
  work.hold(opened.plaintext, 'secret');
  // By its value: a person who writes another may carry our tags over.
  if (held?.value === opened.plaintext) return stored(work, phase, opened.plaintext);
  if (held?.version !== phase.baseVersion) return yieldToOther(work, phase);
  const provenMs = nowEpochMs - (phase.provenEpochMs ?? 0);
  if (phase.proofs >= PROOFS_NEEDED && provenMs < PROOF_COUNTS_MS)
    return storeProven(work, phase, opened.plaintext);
  const waitUntilEpochMs = (phase.provenEpochMs ?? 0) + BETWEEN_PROOFS_MS;
  if (phase.proofs > 0 && nowEpochMs < waitUntilEpochMs) return settling(phase, waitUntilEpochMs);
  return proveAgain(work, phase, opened.plaintext);
};

const settling = (phase: SealedPhase, nextEpochMs: number, failure?: Failure): Turn => ({
  outcome: 'settling',
  failure,
  phase,
  nextEpochMs,
  keyId: phase.keyId,
});

const stored = ({ nowEpochMs }: RotationWork, { keyId, endEpochMs }: SealedPhase, secret: string): Turn => ({
  outcome: 'stored',
  stored: { digest: digestOf(secret), keyId },
  phase: { state: 'idle' },
  nextEpochMs: nowEpochMs,
  keyId,
  endEpochMs,
});

const proveAgain = async (work: RotationWork, phase: SealedPhase, secret: string): Promise<Turn> => {
  const { ports, rotation, nowEpochMs } = work;
  const proven = await ports.proof.prove({ rotation, secret, madeEpochMs: phase.addedEpochMs }, work);
  const laterEpochMs = nowEpochMs + BETWEEN_PROOFS_MS;
  if (proven.ok) {
    const proofs = phase.proofs + 1;
    const nextEpochMs = proofs < PROOFS_NEEDED ? laterEpochMs : nowEpochMs;
    return settling({ ...phase, proofs, provenEpochMs: nowEpochMs }, nextEpochMs);
  }
  // Accepted by one server and not yet by another: it is counted anew.
  const counted = { ...phase, proofs: 0 };
  if (proven.code === 'settling') return settling(counted, laterEpochMs, proven);
  if (proven.retryable) return failed(work, proven, counted);
  // Consumers have the old one: nobody is in a hurry, and no limit is promised.
  return nowEpochMs < phase.addedEpochMs + CERTAIN_AFTER_MS
    ? settling(counted, nowEpochMs + TRANSIENT_RETRY_MS, proven)
    : giveUp(work, phase, proven);
};

/** Value, tags and end in one call: never one without the others. */
const storeProven = async (work: RotationWork, phase: SealedPhase, secret: string): Promise<Turn> => {
  const { ports, rotation, held, leased, record, nowEpochMs } = work;
  const storing = { ...phase, storingEpochMs: phase.storingEpochMs ?? nowEpochMs };
  const noted = await leased.write({ ...record, phase: storing });
  if (!noted.ok) return failed(work, noted);
  const notOurs = await whileOurs(work);
  if (notOurs !== undefined) return failed(work, notOurs);
  const written = await ports.vault.write(rotation.secret, {
    value: secret,
    tags: { ...held?.tags, [TAGS.app]: rotation.appId, [TAGS.keyId]: phase.keyId },
    expiresOnEpochMs: phase.endEpochMs,
    contentType: held?.contentType ?? 'text/plain',
  });
  if (!written.ok && !written.mayHaveLanded)
    return written.retryable ? failed(work, written, storing) : giveUp(work, storing, written);
  const read = await ports.vault.readLatest(rotation.secret);
  if (!read.ok) return failed(work, read, storing);
  work.hold(read.latest.value, 'secret');
  return read.latest.value === secret
    ? stored(work, storing, secret)
    : failed(work, written.ok ? changedMeanwhile(work) : written, storing);
};

const changedMeanwhile = ({ rotation }: RotationWork) =>
  permanentFailure({
    code: 'rotation_vault_changed',
    message: `Somebody else wrote secret ${rotation.secret.name} while rotation ${rotation.id} was under way.`,
    action:
      'Nothing, if that was meant: theirs stays, and the new secret is removed. Else let one of the two do it: take the rotation out of the config, or stop the other.',
  });

const yieldToOther = (work: RotationWork, phase: SealedPhase): Turn =>
  giveUp(work, phase, changedMeanwhile(work));

/** Once a write to the vault was begun it may still land: nothing is taken back before that is out of the question. */
const giveUp = (work: RotationWork, phase: SealedPhase, failure: Failure): Turn => {
  const certainFromEpochMs = (phase.storingEpochMs ?? -CERTAIN_AFTER_MS) + CERTAIN_AFTER_MS;
  if (work.nowEpochMs >= certainFromEpochMs) return takenBack(work, phase, failure);
  return { ...failed(work, failure, phase), nextEpochMs: certainFromEpochMs };
};

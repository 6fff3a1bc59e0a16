import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { ControlRecord, SealedPhase } from '../rules/controlRecord.ts';
import type { HoldingAttempt } from './attempt.ts';

export type Sealing =
  | { readonly kind: 'sealed' }
  /** Another worker saw the token in the vault and has settled it already. */
  | { readonly kind: 'already_settled' }
  /** The record went on without us: our token must not replace what is there. */
  | { readonly kind: 'overtaken' };

/**
 * Writes the sealed token over our own intent. When the lease lapsed or the record changed meanwhile
 * (this process may have stood still for minutes) the lease is taken again and the record decides
 * whether the token still has a place there.
 */
export const sealIntoRecord = async (
  { leased, record }: HoldingAttempt,
  phase: SealedPhase,
): Promise<Sealing | { readonly kind: 'failed'; readonly failure: StoreFailure }> => {
  const written = await leased.write({ ...record, phase });
  if (written.ok) return { kind: 'sealed' };
  if (written.reason !== 'lost' && written.reason !== 'conflict') return { kind: 'failed', failure: written };
  const regained = await leased.regain();
  if (!regained.ok) return { kind: 'failed', failure: regained };
  if (regained.reading.kind !== 'record') return { kind: 'overtaken' };
  const current = regained.reading.record;
  const place = placeFor(current, phase);
  if (place !== 'free') return { kind: place };
  const again = await leased.write({ ...current, phase });
  return again.ok ? { kind: 'sealed' } : { kind: 'failed', failure: again };
};

const placeFor = (current: ControlRecord, mine: SealedPhase): 'free' | 'already_settled' | 'overtaken' => {
  const { phase } = current;
  if (current.fingerprint === mine.fingerprint) return 'already_settled';
  if (phase.state === 'intent' || phase.state === 'sealed') {
    return phase.attemptId === mine.attemptId ? 'free' : 'overtaken';
  }
  // Declared dead on the evidence of the token that ours replaced.
  if (phase.state === 'dead') return phase.fingerprint === mine.baseFingerprint ? 'free' : 'overtaken';
  // Somebody withdrew our intent; the token in hand proves it wrong, unless a newer one is there.
  return current.fingerprint === mine.baseFingerprint && current.seq < mine.seq ? 'free' : 'overtaken';
};

import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { SealedEnvelope } from '../ports/tokenSeal.ts';
import type { SealedPhase } from '../rules/controlRecord.ts';
import type { ArmedAttempt } from './attempt.ts';
import { type PlacedToken, type Placement, placeToken } from './placeToken.ts';
import { type Sealing, sealIntoJournal } from './sealIntoJournal.ts';

/** Where a received token ended up. */
export interface Persisted {
  readonly inJournal: Sealing | { readonly kind: 'failed'; readonly failure: StoreFailure };
  readonly inVault: Placement;
  readonly inOrphanSink: boolean;
  /** The vault was written, or may have been, without having been read: something may lie below. */
  readonly wroteBlindly: boolean;
  readonly envelope: SealedEnvelope | undefined;
}

/**
 * Makes a received token durable. From the first byte of the answer until a store acknowledges, it
 * exists nowhere but in this function: so the journal and the vault are written side by side, each
 * failed side is tried again, the third sink is used as soon as both refused once, and nothing here
 * waits for anything that is not a store. One acknowledgement is enough to be safe.
 */
export const persistToken = async (armed: ArmedAttempt, token: PlacedToken): Promise<Persisted> => {
  const { ports, timings } = armed;
  const envelope = sealed(armed, token);
  const startMs = ports.clock.monotonicMs();
  let inJournal: Persisted['inJournal'] | undefined;
  let inVault: Placement | undefined;
  let inOrphanSink = false;
  let wroteBlindly = false;

  for (let round = 0; ; round++) {
    const mayBeBlind = round > 0 && !isFinal(inJournal);
    if (inVault?.kind === 'failed') wroteBlindly ||= mayBeBlind;
    const [journaled, placed] = await Promise.all([
      isFinal(inJournal) ? inJournal : journalSide(armed, token, envelope),
      inVault !== undefined && inVault.kind !== 'failed' ? inVault : vaultSide(armed, token, mayBeBlind),
    ]);
    inJournal = journaled;
    inVault = placed;
    const overtaken = journaled.kind === 'overtaken' || placed.kind === 'overtaken';
    const safe = journaled.kind === 'sealed' || placed.kind === 'stored';
    if ((overtaken || !safe) && !inOrphanSink && envelope !== undefined) {
      inOrphanSink = await orphanSide(armed, envelope);
    }
    const elapsedMs = ports.clock.monotonicMs() - startMs;
    const settled = isFinal(journaled) && placed.kind !== 'failed';
    const enough = elapsedMs >= (safe ? timings.secondStoreMs : timings.holdMs);
    if (settled || enough) return { inJournal, inVault, inOrphanSink, wroteBlindly, envelope };
    await ports.clock.sleep(backoffMs(round));
  }
};

/** The part of the record that keeps the token, sealed, until the vault has it. */
export const sealedPhase = (
  armed: Pick<ArmedAttempt, 'intent'>,
  token: PlacedToken,
  envelope: SealedEnvelope,
  nowEpochMs: number,
): SealedPhase => ({
  state: 'sealed',
  attemptId: armed.intent.attemptId,
  envelope,
  seq: token.seq,
  fingerprint: token.fingerprint,
  baseFingerprint: token.baseFingerprint,
  baseVersions: token.baseVersions,
  refreshedAtEpochMs: token.refreshedAtEpochMs ?? nowEpochMs,
  deadlineEpochMs: token.deadlineEpochMs,
});

const isFinal = (side: Persisted['inJournal'] | undefined): side is Sealing =>
  side !== undefined && side.kind !== 'failed';

/** Sealing is local; if it fails all the same, the vault alone has to do. */
const sealed = ({ ports, grant }: ArmedAttempt, token: PlacedToken): SealedEnvelope | undefined => {
  try {
    return ports.seal.seal(token.refreshToken, { grantId: grant.id, seq: token.seq });
  } catch {
    return undefined;
  }
};

const journalSide = async (
  armed: ArmedAttempt,
  token: PlacedToken,
  envelope: SealedEnvelope | undefined,
): Promise<Persisted['inJournal']> => {
  if (envelope === undefined) return { kind: 'failed', failure: brokenPromise('seal', undefined) };
  const phase = sealedPhase(armed, token, envelope, armed.journal.storeNowEpochMs());
  return sealIntoJournal(armed, phase).catch((cause: unknown) => ({
    kind: 'failed',
    failure: brokenPromise('control', cause),
  }));
};

const vaultSide = (armed: ArmedAttempt, token: PlacedToken, mayBeBlind: boolean): Promise<Placement> =>
  placeToken(armed, armed.record, token, mayBeBlind).catch((cause: unknown) => ({
    kind: 'failed',
    failure: brokenPromise('vault', cause),
  }));

const orphanSide = async ({ ports, grant }: ArmedAttempt, envelope: SealedEnvelope): Promise<boolean> => {
  try {
    return (await ports.orphans.put(grant.id, envelope)).ok;
  } catch {
    return false;
  }
};

/** A store that throws broke its promise; with a token in hand that is a failure like any other. */
const brokenPromise = (store: StoreFailure['store'], cause: unknown): StoreFailure => ({
  ok: false,
  store,
  code: 'unavailable',
  permanence: 'transient',
  detail: 'the store failed in a way that it promises not to.',
  mayHaveLanded: true,
  cause,
});

/** 100 ms doubled up to 2 s. */
const backoffMs = (round: number): number => Math.min(100 * 2 ** Math.min(round, 10), 2_000);

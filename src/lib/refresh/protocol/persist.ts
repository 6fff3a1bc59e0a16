import { type StoreFailure, type StoreName, storeFailure } from '../../kernel/storeFailure.ts';
import type { SealedEnvelope } from '../../stores/rules/sealedEnvelope.ts';
import type { SealedPhase } from '../rules/controlRecord.ts';
import type { HoldingAttempt } from './attempt.ts';
import { type PlacedToken, type Placement, placeToken } from './placeToken.ts';
import { type Sealing, sealIntoRecord } from './sealIntoRecord.ts';

/** Where a received token ended up. */
export interface Persisted {
  readonly inRecord: Sealing | { readonly kind: 'failed'; readonly failure: StoreFailure };
  readonly inVault: Placement;
  readonly inFallbackStore: boolean;
  /** The vault was written, or may have been, without having been read: something may lie below. */
  readonly wroteBlindly: boolean;
  readonly envelope: SealedEnvelope | undefined;
}

/**
 * Makes a received token durable. From the first byte of the answer until a store acknowledges, it
 * exists nowhere but in this function: so the control record and the vault are written side by side, each
 * failed side is tried again, the fallback store is used as soon as both refused once, and nothing here
 * waits for anything that is not a store. One acknowledgement is enough to be safe.
 */
export const persistToken = async (prepared: HoldingAttempt, token: PlacedToken): Promise<Persisted> => {
  const { ports, timings } = prepared;
  const envelope = sealed(prepared, token);
  const startMs = ports.clock.monotonicMs();
  let inRecord: Persisted['inRecord'] | undefined;
  let inVault: Placement | undefined;
  let inFallbackStore = false;
  let wroteBlindly = false;

  for (let run = 0; ; run++) {
    const mayBeBlind = run > 0 && !isFinal(inRecord);
    if (inVault?.kind === 'failed') wroteBlindly ||= mayBeBlind;
    const [recorded, placed] = await Promise.all([
      isFinal(inRecord) ? inRecord : recordSide(prepared, token, envelope),
      inVault !== undefined && inVault.kind !== 'failed' ? inVault : vaultSide(prepared, token, mayBeBlind),
    ]);
    inRecord = recorded;
    inVault = placed;
    const overtaken = recorded.kind === 'overtaken' || placed.kind === 'overtaken';
    const safe = recorded.kind === 'sealed' || placed.kind === 'stored';
    if ((overtaken || !safe) && !inFallbackStore && envelope !== undefined) {
      inFallbackStore = await fallbackSide(prepared, envelope);
    }
    const elapsedMs = ports.clock.monotonicMs() - startMs;
    const settled = isFinal(recorded) && placed.kind !== 'failed';
    const enough = elapsedMs >= (safe ? timings.secondStoreMs : timings.holdMs);
    if (settled || enough) return { inRecord, inVault, inFallbackStore, wroteBlindly, envelope };
    await ports.clock.sleep(backoffMs(run));
  }
};

/** The part of the record that keeps the token, sealed, until the vault has it. */
export const sealedPhase = (
  prepared: Pick<HoldingAttempt, 'intent'>,
  token: PlacedToken,
  envelope: SealedEnvelope,
  nowEpochMs: number,
): SealedPhase => ({
  state: 'sealed',
  attemptId: prepared.intent.attemptId,
  envelope,
  seq: token.seq,
  fingerprint: token.fingerprint,
  baseFingerprint: token.baseFingerprint,
  baseVersions: token.baseVersions,
  refreshedAtEpochMs: token.refreshedAtEpochMs ?? nowEpochMs,
  deadlineEpochMs: token.deadlineEpochMs,
});

const isFinal = (side: Persisted['inRecord'] | undefined): side is Sealing =>
  side !== undefined && side.kind !== 'failed';

/** Sealing is local; if it fails all the same, the vault alone has to do. */
const sealed = ({ seal, grant }: HoldingAttempt, token: PlacedToken): SealedEnvelope | undefined => {
  try {
    return seal(token.refreshToken, { subject: grant.id, seq: token.seq });
  } catch {
    return undefined;
  }
};

const recordSide = async (
  prepared: HoldingAttempt,
  token: PlacedToken,
  envelope: SealedEnvelope | undefined,
): Promise<Persisted['inRecord']> => {
  if (envelope === undefined) return { kind: 'failed', failure: brokenPromise('seal', undefined) };
  const phase = sealedPhase(prepared, token, envelope, prepared.leased.storeNowEpochMs());
  return sealIntoRecord(prepared, phase).catch((cause: unknown) => ({
    kind: 'failed',
    failure: brokenPromise('control', cause),
  }));
};

const vaultSide = (prepared: HoldingAttempt, token: PlacedToken, mayBeBlind: boolean): Promise<Placement> =>
  placeToken(prepared, prepared.record, token, mayBeBlind).catch((cause: unknown) => ({
    kind: 'failed',
    failure: brokenPromise('vault', cause),
  }));

const fallbackSide = async ({ ports, grant }: HoldingAttempt, envelope: SealedEnvelope): Promise<boolean> => {
  try {
    return (await ports.fallback.put(grant.id, envelope)).ok;
  } catch {
    return false;
  }
};

/** A store that throws broke its promise; with a token in hand that is a failure like any other. */
const brokenPromise = (store: StoreName, cause: unknown): StoreFailure =>
  storeFailure(store, 'unavailable', {
    message: 'The store failed in a way that it promises not to.',
    mayHaveLanded: true,
    cause,
  });

/** 100 ms doubled up to 2 s. */
const backoffMs = (run: number): number => Math.min(100 * 2 ** Math.min(run, 10), 2_000);

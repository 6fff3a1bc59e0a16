import type { ListedCredential } from '../../directory/rules/directoryApplication.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { keyIdOf, type VaultVersion } from './heldSecret.ts';
import { attemptOf, CERTAIN_AFTER_MS, type Rotation } from './rotation.ts';

/** When each secret was last used to sign in: epoch milliseconds by key id in lower case. */
export type LastUses = ReadonlyMap<string, number>;

export interface RemovalView {
  readonly rotation: Pick<Rotation, 'id' | 'keepOldDays' | 'adopt'>;
  /** Of the application, as the directory just listed them. */
  readonly credentials: readonly ListedCredential[];
  /** The newest version of the vault secret; absent: there is none. */
  readonly held: VaultVersion | undefined;
  /** Of the secret that it holds, known by its value; absent: nobody knows. */
  readonly heldKeyId: string | undefined;
  /** The attempt that was given up last. */
  readonly abandoned: string | undefined;
  /** Absent: nobody can say, and the set time decides alone. */
  readonly lastUses?: LastUses | undefined;
  readonly nowEpochMs: number;
}

export interface Removable {
  readonly keyId: string;
  /**
   * `orphan`: its attempt was given up, and the vault has no younger version, so that nobody has it. `superseded`: any
   * other of ours. Consumers may have it from this vault or another, and have had time to take the one that the vault
   * holds: only after that one was proven once more. Nobody is known to have used it for as long as that, or
   * it has ended.
   */
  readonly why: 'orphan' | 'superseded';
}

/**
 * The secrets that may be removed, orphans first. Never one that somebody else made, unless it was adopted by its
 * key id; never what the vault holds, by the record or by its tag; never the last one that has not ended. Nothing may
 * be under way.
 */
export const removableOf = (view: RemovalView): readonly Removable[] => {
  const { rotation, credentials, held, heldKeyId, abandoned, nowEpochMs } = view;
  const isHeld = (keyId: string) => keyId === heldKeyId || (held !== undefined && keyId === keyIdOf(held));
  const isLive = ({ endEpochMs }: ListedCredential) => endEpochMs === undefined || endEpochMs > nowEpochMs;
  const heldIsListed = credentials.some(
    (credential) => heldKeyId !== undefined && credential.keyId === heldKeyId && isLive(credential),
  );
  const keptMs = rotation.keepOldDays * DAY_MS;
  const found = credentials.flatMap((credential): Removable[] => {
    const { type, keyId, displayName, startEpochMs } = credential;
    if (type !== 'secret' || keyId === undefined || isHeld(keyId)) return [];
    const attempt = attemptOf(rotation.id, displayName);
    const isAdopted = rotation.adopt.includes(keyId.toLowerCase());
    if (!isAdopted && (attempt === undefined || startEpochMs === undefined)) return [];
    const ageMs = nowEpochMs - (startEpochMs ?? Number.NEGATIVE_INFINITY);
    if (ageMs < CERTAIN_AFTER_MS) return [];
    // Below a younger version it may lie: of a write that nobody acknowledged, or of a record that was restored.
    const wasNeverStored = (held?.createdEpochMs ?? 0) <= (startEpochMs ?? 0);
    if (attempt !== undefined && attempt === abandoned && wasNeverStored) {
      const others = credentials.some((other) => other.keyId !== keyId && isLive(other));
      return others ? [{ keyId, why: 'orphan' }] : [];
    }
    const sinceMs = Math.min(nowEpochMs - (held?.createdEpochMs ?? nowEpochMs), ageMs);
    if (!heldIsListed || sinceMs < keptMs || (isLive(credential) && isUsed(view, keyId))) return [];
    return [{ keyId, why: 'superseded' }];
  });
  return found.sort((a, b) => a.why.localeCompare(b.why));
};

/** Quiet for as long as consumers may go on with an old one: what signs in once a week is seen with the default. */
const isUsed = ({ rotation, lastUses, nowEpochMs }: RemovalView, keyId: string): boolean =>
  nowEpochMs - (lastUses?.get(keyId.toLowerCase()) ?? Number.NEGATIVE_INFINITY) <
  rotation.keepOldDays * DAY_MS;

/** The secret that would be removed if it were not in use, with when it was used; of several the one used last. */
export const inUseOf = (view: RemovalView): { keyId: string; lastUsedEpochMs: number } | undefined => {
  const free = new Set(removableOf(view).map(({ keyId }) => keyId));
  return removableOf({ ...view, lastUses: undefined })
    .filter(({ keyId }) => !free.has(keyId))
    .map(({ keyId }) => ({ keyId, lastUsedEpochMs: view.lastUses?.get(keyId.toLowerCase()) ?? 0 }))
    .sort((a, b) => b.lastUsedEpochMs - a.lastUsedEpochMs)[0];
};

/** When the next secret may be removed; `undefined`: none is waiting. */
export const nextRemovalEpochMs = (view: RemovalView): number | undefined => {
  const { rotation, held, credentials, nowEpochMs } = view;
  const since = [held?.createdEpochMs, ...credentials.map(({ startEpochMs }) => startEpochMs)];
  const times = since.flatMap((from) =>
    from === undefined ? [] : [from + CERTAIN_AFTER_MS, from + rotation.keepOldDays * DAY_MS],
  );
  return times
    .filter((time) => time > nowEpochMs && removableOf({ ...view, nowEpochMs: time }).length > 0)
    .sort((a, b) => a - b)[0];
};

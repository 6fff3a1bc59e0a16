import type { ListedCredential } from '../../directory/rules/directoryApplication.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { keyIdOf, type VaultVersion } from './heldSecret.ts';
import { attemptOf, CERTAIN_AFTER_MS, type Rotation } from './rotation.ts';

export interface RemovalView {
  readonly rotation: Pick<Rotation, 'id' | 'keepOldDays' | 'adopt'>;
  /** Of the application, as the directory just listed them. */
  readonly credentials: readonly ListedCredential[];
  /** The newest version of the vault secret; absent: there is none. */
  readonly held: VaultVersion | undefined;
  /** Every version of it. */
  readonly versions: readonly Pick<VaultVersion, 'tags'>[];
  readonly nowEpochMs: number;
}

export interface Removable {
  readonly keyId: string;
  /**
   * `orphan`: its value never reached the vault, so that nobody has it. `superseded`: consumers had it, and have had
   * time to take the one that the vault holds: only after that one was proven once more.
   */
  readonly why: 'orphan' | 'superseded';
}

/**
 * The secrets that may be removed, orphans first. Never one that somebody else made, unless it was adopted by its
 * key id; never what the vault holds; never the last one that has not ended. Nothing may be under way.
 */
export const removableOf = (view: RemovalView): readonly Removable[] => {
  const { rotation, credentials, held, versions, nowEpochMs } = view;
  const heldKeyId = held && keyIdOf(held);
  const wereHeld = new Set(versions.map(keyIdOf));
  const isLive = ({ endEpochMs }: ListedCredential) => endEpochMs === undefined || endEpochMs > nowEpochMs;
  const heldIsListed = credentials.some(
    (credential) => heldKeyId !== undefined && credential.keyId === heldKeyId && isLive(credential),
  );
  const keptUntilEpochMs = (held?.createdEpochMs ?? Number.POSITIVE_INFINITY) + rotation.keepOldDays * DAY_MS;
  const found = credentials.flatMap((credential): Removable[] => {
    const { type, keyId, displayName, startEpochMs } = credential;
    if (type !== 'secret' || keyId === undefined || keyId === heldKeyId) return [];
    const attempt = attemptOf(rotation.id, displayName);
    const isSuperseded =
      (attempt !== undefined && wereHeld.has(keyId)) || rotation.adopt.includes(keyId.toLowerCase());
    if (isSuperseded)
      return heldIsListed && nowEpochMs >= keptUntilEpochMs ? [{ keyId, why: 'superseded' }] : [];
    const isOld = startEpochMs !== undefined && nowEpochMs - startEpochMs >= CERTAIN_AFTER_MS;
    const others = credentials.some((other) => other.keyId !== keyId && isLive(other));
    return attempt !== undefined && isOld && others ? [{ keyId, why: 'orphan' }] : [];
  });
  return found.sort((a, b) => a.why.localeCompare(b.why));
};

/** When the next secret may be removed; `undefined`: none is waiting. */
export const nextRemovalEpochMs = (view: RemovalView): number | undefined => {
  const { rotation, held, credentials, nowEpochMs } = view;
  const times = [
    (held?.createdEpochMs ?? nowEpochMs) + rotation.keepOldDays * DAY_MS,
    ...credentials.flatMap(({ startEpochMs }) => startEpochMs ?? []).map((start) => start + CERTAIN_AFTER_MS),
  ];
  return times
    .filter((time) => time > nowEpochMs && removableOf({ ...view, nowEpochMs: time }).length > 0)
    .sort((a, b) => a - b)[0];
};

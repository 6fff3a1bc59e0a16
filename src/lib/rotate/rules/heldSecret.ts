import { TAGS } from '../../credentials/tagNames.ts';
import type { ListedCredential } from '../../directory/rules/directoryApplication.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { CERTAIN_AFTER_MS, type Rotation } from './rotation.ts';

/** One version of the vault secret, without its value. */
export interface VaultVersion {
  readonly version: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdEpochMs: number | undefined;
  readonly expiresOnEpochMs: number | undefined;
}

/** The key id that a version says it holds, in the case of the directory; `undefined`: a person wrote it. */
export const keyIdOf = ({ tags }: Pick<VaultVersion, 'tags'>): string | undefined =>
  tags[TAGS.keyId]?.trim().toLowerCase();

/**
 * When the secret that the vault holds is due for rotation: at a share of its life, which counts as no longer than
 * what the rotation gives. One that a person wrote without an end may be whichever of the application ends first,
 * also an older one that was written again. One that the directory no longer lists is due at once, as is none.
 * @param held the newest version; absent: the vault has no such secret
 */
export const dueEpochMsOf = (
  { lifetimeDays, rotateAtShare }: Pick<Rotation, 'lifetimeDays' | 'rotateAtShare'>,
  credentials: readonly ListedCredential[],
  held: VaultVersion | undefined,
  nowEpochMs: number,
): number => {
  if (held === undefined) return nowEpochMs;
  const keyId = keyIdOf(held);
  const listed = credentials.find(
    (credential) => credential.keyId !== undefined && credential.keyId === keyId,
  );
  const isFresh = held.createdEpochMs !== undefined && nowEpochMs - held.createdEpochMs < CERTAIN_AFTER_MS;
  // Right after a rotation a read of the directory may not show it yet.
  if (keyId !== undefined && listed === undefined && !isFresh) return nowEpochMs;
  const startEpochMs = listed?.startEpochMs ?? held.createdEpochMs;
  const endEpochMs =
    listed === undefined ? (held.expiresOnEpochMs ?? firstEndOf(credentials, nowEpochMs)) : listed.endEpochMs;
  if (startEpochMs === undefined) return nowEpochMs;
  const lifeMs = lifetimeDays * DAY_MS;
  const ownLifeMs = endEpochMs === undefined ? lifeMs : Math.max(endEpochMs - startEpochMs, 0);
  return startEpochMs + rotateAtShare * Math.min(ownLifeMs, lifeMs);
};

const firstEndOf = (credentials: readonly ListedCredential[], nowEpochMs: number): number | undefined =>
  credentials
    .flatMap(({ type, endEpochMs }) => (type === 'secret' && endEpochMs !== undefined ? [endEpochMs] : []))
    .filter((endEpochMs) => endEpochMs > nowEpochMs)
    .sort((a, b) => a - b)[0];

import type { StoreAnswer, StoreFailure } from '../../kernel/storeFailure.ts';
import type { SecretReference } from '../../oauth/rules/grant.ts';
import type { NewTokenVersion, TokenStore } from '../../stores/ports.ts';

/**
 * Writes a version with the first of these ends that the vault takes. An Azure Policy may refuse a version for its
 * end alone: it has none, it lies too far ahead, or too near. Any other failure is the same with every end.
 *
 * @param ends the one that is meant first; each next one only where that was refused
 * @see https://learn.microsoft.com/en-us/azure/key-vault/general/azure-policy
 */
export const writeWithEnd = async (
  vault: Pick<TokenStore, 'write'>,
  secret: SecretReference,
  version: Omit<NewTokenVersion, 'expiresOnEpochMs'>,
  ends: readonly [number | undefined, ...number[]],
): Promise<StoreAnswer<{ readonly version: string }>> => {
  const [meant, ...others] = ends;
  const first = await vault.write(secret, { ...version, expiresOnEpochMs: meant });
  if (first.ok || !isRefused(first)) return first;
  for (const expiresOnEpochMs of others) {
    const written = await vault.write(secret, { ...version, expiresOnEpochMs });
    if (written.ok || !isRefused(written)) return written;
  }
  return first;
};

const isRefused = ({ reason, mayHaveLanded }: StoreFailure): boolean =>
  !mayHaveLanded && (reason === 'forbidden' || reason === 'rejected');

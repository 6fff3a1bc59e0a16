import { seqOf } from '../../domain/vaultView.ts';
import type { ArmedAttempt } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';

/**
 * Looks for a token that a person wrote and one of our writes covered: Key Vault has no
 * compare-and-swap, so what is written between our look and our write ends up below it. If there is one
 * it is put on top again, and `true` is returned. Lists all versions, so only for a grant about to die.
 */
export const uncoverToken = async ({
  ports,
  grant,
  record,
  intent,
  base,
}: ArmedAttempt): Promise<boolean> => {
  const listed = await ports.vault.listVersions(grant.secret);
  if (!listed.ok) return false;
  const known = new Set([...intent.baseVersions, ...record.previousVersions]);
  const strangers = listed.versions
    .filter(({ enabled, tags, version }) => enabled && seqOf(tags) === undefined && !known.has(version))
    .sort((a, b) => (b.createdEpochMs ?? 0) - (a.createdEpochMs ?? 0));
  for (const { version } of strangers) {
    const read = await ports.vault.readVersion(grant.secret, version);
    if (!read.ok) continue;
    const fingerprint = fingerprintOf(record.salt, read.token.value);
    if (fingerprint === base.fingerprint || fingerprint === record.previousFingerprint) continue;
    const { value, tags, expiresOnEpochMs, contentType } = read.token;
    return (await ports.vault.write(grant.secret, { value, tags, expiresOnEpochMs, contentType })).ok;
  }
  return false;
};

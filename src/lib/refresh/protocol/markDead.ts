import { endsAtDeath } from '../../oauth/rules/deadMark.ts';
import { GRANT_TAGS } from '../../oauth/rules/grantTagNames.ts';
import type { TokenVersion } from '../../stores/ports.ts';
import type { Attempt } from './attempt.ts';

/**
 * Shows on the secret itself that its token is dead: the version ends at the moment of death, so that every scan
 * and Key Vault's own tools call it expired. The record decides; this is for whoever looks at the secret. What the
 * vault does not take now is written at a later look.
 */
export const markDead = async (
  { ports, grant }: Pick<Attempt, 'ports' | 'grant'>,
  latest: TokenVersion,
  sinceEpochMs: number,
): Promise<void> => {
  if (endsAtDeath(latest, sinceEpochMs)) return;
  const mark = (tags: Readonly<Record<string, string>>) =>
    ports.vault.updateProperties(grant.secret, latest.version, { tags, expiresOnEpochMs: sinceEpochMs });
  const marked = await mark({ ...latest.tags, [GRANT_TAGS.state]: 'dead' });
  // A secret with fifteen tags of its owner takes no further one; the end is what alerts go by.
  if (!marked.ok && marked.reason === 'rejected') await mark(latest.tags);
};

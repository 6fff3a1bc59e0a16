import type { Grant } from '../../domain/grant.ts';
import { isoSeconds } from '../../domain/instant.ts';
import { GRANT_TAGS } from '../../domain/tags.ts';

/** What consumers and people may rely on; equal for every version that Keywatch writes. */
export const TOKEN_CONTENT_TYPE = 'application/vnd.oauth-refresh-token';

/** What Keywatch says about a version in its tags. */
export interface GrantTagging {
  readonly seq: number;
  /** `intent`: the current token, written again to prove that the next can be; `current`: the newest. */
  readonly stage: 'intent' | 'current';
  /** Absent: this token was never refreshed by Keywatch. */
  readonly refreshedAtEpochMs: number | undefined;
  /** Who writes it, as the control record says. */
  readonly deployment?: string | undefined;
}

/**
 * All tags of a new version: everybody else's as they are, ours anew. A new version inherits none, and
 * an owner tag that vanished at the first refresh would silence somebody's alert.
 */
export const grantTags = (
  existing: Readonly<Record<string, string>>,
  grant: Pick<Grant, 'provider'>,
  { seq, stage, refreshedAtEpochMs, deployment }: GrantTagging,
): Record<string, string> => {
  const tags: Record<string, string> = {
    ...existing,
    [GRANT_TAGS.seq]: String(seq),
    [GRANT_TAGS.state]: 'ok',
    [GRANT_TAGS.stage]: stage,
    [GRANT_TAGS.provider]: grant.provider,
  };
  if (refreshedAtEpochMs !== undefined) tags[GRANT_TAGS.refreshedAt] = isoSeconds(refreshedAtEpochMs);
  if (deployment !== undefined) tags[GRANT_TAGS.deployment] = deployment;
  return tags;
};

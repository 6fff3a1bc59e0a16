import { isInstant, isoSeconds } from '../../kernel/instant.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import { GRANT_TAGS } from '../../oauth/rules/grantTagNames.ts';

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
  readonly consentedAtEpochMs: number | undefined;
  readonly consentEndsAtEpochMs?: number | undefined;
}

/**
 * All tags of a new version: everybody else's as they are, ours anew. A new version inherits none, and
 * an owner tag that vanished at the first refresh would silence somebody's alert.
 */
export const grantTags = (
  existing: Readonly<Record<string, string>>,
  grant: Pick<Grant, 'provider'>,
  { seq, stage, deployment, ...instants }: GrantTagging,
): Record<string, string> => ({
  // Those of another token, copied along by whoever wrote this one, are not kept.
  ...Object.fromEntries(Object.entries(existing).filter(([tag]) => !INSTANT_TAGS.has(tag))),
  [GRANT_TAGS.seq]: String(seq),
  [GRANT_TAGS.state]: 'ok',
  [GRANT_TAGS.stage]: stage,
  [GRANT_TAGS.provider]: grant.provider,
  ...(deployment === undefined ? {} : { [GRANT_TAGS.deployment]: deployment }),
  ...instantTag(GRANT_TAGS.refreshedAt, instants.refreshedAtEpochMs),
  ...instantTag(GRANT_TAGS.consentedAt, instants.consentedAtEpochMs),
  ...instantTag(GRANT_TAGS.consentEndsAt, instants.consentEndsAtEpochMs),
});

const INSTANT_TAGS: ReadonlySet<string> = new Set([
  GRANT_TAGS.refreshedAt,
  GRANT_TAGS.consentedAt,
  GRANT_TAGS.consentEndsAt,
]);

const instantTag = (tag: string, epochMs: number | undefined): Record<string, string> =>
  epochMs !== undefined && isInstant(epochMs) ? { [tag]: isoSeconds(epochMs) } : {};

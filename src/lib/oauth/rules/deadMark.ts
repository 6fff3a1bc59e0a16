import { isoSeconds } from '../../kernel/instant.ts';
import { GRANT_TAGS } from './grantTagNames.ts';

interface Ending {
  readonly expiresOnEpochMs: number | undefined;
}

/** Whether Keywatch wrote on this version that its token is dead. A person's new token may carry the tag as a copy. */
export const isTaggedDead = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): boolean =>
  tags[GRANT_TAGS.state] === 'dead';

/** Whether the version ends when its token died. Key Vault keeps whole seconds. */
export const endsAtDeath = ({ expiresOnEpochMs }: Ending, sinceEpochMs: number): boolean =>
  expiresOnEpochMs !== undefined && isoSeconds(expiresOnEpochMs) === isoSeconds(sinceEpochMs);

/**
 * The end of a version as the deadline of its token. One that has passed is none: it is that of a death, or of an
 * older version whose properties somebody copied, while the token itself is still to be tried.
 */
export const endAhead = (version: Ending, nowEpochMs: number): number | undefined =>
  isPassed(version, nowEpochMs) ? undefined : version.expiresOnEpochMs;

/** Whether the version has an end, and that has passed. */
export const isPassed = ({ expiresOnEpochMs }: Ending, nowEpochMs: number): boolean =>
  expiresOnEpochMs !== undefined && expiresOnEpochMs <= nowEpochMs;

import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { seqOf } from '../../oauth/rules/grantTagNames.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import { isSpent, type KnownPredecessors } from '../rules/vaultView.ts';
import { type Attempt, type LatestToken, readLatestToken } from './attempt.ts';
import { grantTags, TOKEN_CONTENT_TYPE } from './grantTags.ts';
import { writeWithEnd } from './writeWithEnd.ts';

/** A token that has to become the latest version. */
export interface PlacedToken {
  readonly refreshToken: string;
  readonly fingerprint: string;
  readonly seq: number;
  readonly refreshedAtEpochMs: number | undefined;
  readonly deadlineEpochMs: number | undefined;
  /** The token it succeeds, and the versions that hold that one. */
  readonly baseFingerprint: string | undefined;
  readonly baseVersions: readonly string[];
  /** Tags for when the vault cannot be read before the write. */
  readonly fallbackTags: Readonly<Record<string, string>>;
}

/** What the record knows of the tokens that may be on top. */
type PlacingRecord = Pick<
  ControlRecord,
  'seq' | 'salt' | 'consentedAtEpochMs' | 'consentEndsAtEpochMs' | 'deployment'
> &
  KnownPredecessors;

export type Placement =
  | { readonly kind: 'stored'; readonly version: string }
  /** The vault holds something that must not be covered: a person's token, or a newer one of ours. */
  | { readonly kind: 'overtaken'; readonly by: 'foreign' | 'newer' }
  | { readonly kind: 'failed'; readonly failure: StoreFailure };

/**
 * Writes a token as the latest version unless what is there must win. There is no compare-and-swap, so
 * it looks first; what is written between the look and the write is covered, and stays in the vault as
 * an older version. When the vault cannot be read it is written only if `mayBeBlind`: a token that exists
 * nowhere else is worth more than the order of two versions.
 */
export const placeToken = async (
  attempt: Pick<Attempt, 'ports' | 'grant'>,
  record: PlacingRecord,
  token: PlacedToken,
  mayBeBlind = false,
): Promise<Placement> => {
  const { ports, grant } = attempt;
  const read = await readLatestToken(attempt, record.salt);
  if (read.ok) {
    if (read.latest.fingerprint === token.fingerprint)
      return { kind: 'stored', version: read.latest.version };
    const by = winner(record, token, read.latest);
    if (by !== undefined) return { kind: 'overtaken', by };
  } else if (!mayBeBlind && !(read.reason === 'not_found' && isFirst(token))) {
    return { kind: 'failed', failure: read };
  }
  const tags = read.ok ? read.latest.tags : token.fallbackTags;
  const version = {
    value: token.refreshToken,
    tags: grantTags(tags, grant, { ...record, ...token, stage: 'current' }),
    contentType: TOKEN_CONTENT_TYPE,
  };
  const taken = read.ok ? earlierEnd(read.latest, token, ports.clock.nowEpochMs()) : [];
  const written = await writeWithEnd(ports.vault, grant.secret, version, [token.deadlineEpochMs, ...taken]);
  return written.ok ? { kind: 'stored', version: written.version } : { kind: 'failed', failure: written };
};

/** Whether nothing is known to be replaced: then a secret that is not there yet is no loss. */
const isFirst = ({ baseFingerprint, baseVersions }: PlacedToken): boolean =>
  baseFingerprint === undefined && baseVersions.length === 0;

/** An end that this vault has taken, where it lies before the token's own: a secret may say too little, never too much. */
const earlierEnd = (
  { expiresOnEpochMs }: Pick<LatestToken, 'expiresOnEpochMs'>,
  { deadlineEpochMs = Number.POSITIVE_INFINITY }: PlacedToken,
  nowEpochMs: number,
): readonly number[] =>
  expiresOnEpochMs !== undefined && expiresOnEpochMs > nowEpochMs && expiresOnEpochMs < deadlineEpochMs
    ? [expiresOnEpochMs]
    : [];

/** Who must not be covered by this token; absent: nobody. A number at or below the record's was copied, unless its token is spent. */
const winner = (
  record: PlacingRecord,
  token: PlacedToken,
  latest: LatestToken,
): 'foreign' | 'newer' | undefined => {
  if (latest.fingerprint === token.baseFingerprint || token.baseVersions.includes(latest.version)) {
    return undefined;
  }
  if (isSpent(record, latest.fingerprint)) return undefined;
  const seq = seqOf(latest.tags);
  if (seq === undefined) return 'foreign';
  if (seq >= token.seq) return 'newer';
  // With a base that nobody remembers (a rebuilt record) only the sequence number can tell.
  return seq <= record.seq && token.baseFingerprint !== undefined ? 'foreign' : undefined;
};

import { hasEndedLongAgo } from '../../credentials/endedLongAgo.ts';
import { CREDENTIAL_STATUSES, STATUSES_WORST_FIRST } from '../../credentials/statuses.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { Item } from './items.ts';
import type { CredentialRecord } from './records.ts';
import { isUsedDaily } from './uses.ts';

/** Upper ends of the bands into which credentials that are fine are put, so that a large target can be read from its urgent end. */
const BAND_DAYS = [90, 180, 365];

/** What a suppressed credential ranks lower: behind everything that is not. */
export const SUPPRESSED_RANK = 100;

/** The rank of the last status in which somebody has to act. */
export const LAST_URGENT_RANK = STATUSES_WORST_FIRST.findLastIndex(
  (status) => CREDENTIAL_STATUSES[status].needsAction,
);

/** Lowest worst: by status, what ended long ago behind all in which somebody has to act, what is suppressed behind all. */
export const rankOf = (
  one: Pick<CredentialRecord, 'status' | 'suppressed' | 'alertUntilEpochMs' | 'findings'>,
  nowEpochMs: number,
): number =>
  (hasEndedLongAgo(one, nowEpochMs) ? LAST_URGENT_RANK + 0.5 : STATUSES_WORST_FIRST.indexOf(one.status)) +
  (one.suppressed === undefined ? 0 : SUPPRESSED_RANK);

/**
 * How urgent a credential is, lowest most: its rank, and what is fine by when it ends. It is coarse: among equally
 * urgent ones the order is that of {@link worstFirst}.
 */
export const urgencyOf = (one: CredentialRecord, nowEpochMs: number): number => {
  const days = ((one.expiresOnEpochMs ?? Number.MAX_VALUE) - nowEpochMs) / DAY_MS;
  const band = one.status === 'valid' ? BAND_DAYS.filter((limit) => days > limit).length / 10 : 0;
  return rankOf(one, nowEpochMs) + band;
};

/** 0 for what ends soon, or has ended, and is in daily use: that end is felt. */
const feltBy = ({ needsAction, usage }: Item): number =>
  needsAction && usage !== undefined && isUsedDaily(usage) ? 0 : 1;

/**
 * Worst first; within a rank what is in daily use, where somebody has to act; then the one that ends first; then by
 * id, so that two pages read alike.
 */
export const byUrgency = (one: Item, other: Item): number =>
  one.rank - other.rank ||
  feltBy(one) - feltBy(other) ||
  (one.endsEpochMs ?? Number.MAX_VALUE) - (other.endsEpochMs ?? Number.MAX_VALUE) ||
  (one.id < other.id ? -1 : 1);

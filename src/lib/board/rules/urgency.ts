import { STATUSES_WORST_FIRST } from '../../credentials/statuses.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { CredentialRecord } from './records.ts';

/** Upper ends of the bands into which credentials that are fine are put, so that a large target can be read from its urgent end. */
const BAND_DAYS = [90, 180, 365];

/**
 * A rank, lowest most urgent: by status, what is suppressed behind all else, and what is fine by when it ends.
 * It is coarse: within one rank the order is that of {@link worstFirst}.
 */
export const urgencyOf = (
  { status, suppressed, expiresOnEpochMs = Number.MAX_VALUE }: CredentialRecord,
  nowEpochMs: number,
): number => {
  const days = (expiresOnEpochMs - nowEpochMs) / DAY_MS;
  const band = status === 'valid' ? BAND_DAYS.filter((limit) => days > limit).length / 10 : 0;
  return STATUSES_WORST_FIRST.indexOf(status) + band + (suppressed === undefined ? 0 : 100);
};

import { STATUSES_WORST_FIRST } from '../../credentials/statuses.ts';
import type { Assessment } from './credential.ts';

type Ordered = Pick<Assessment, 'status' | 'suppressed' | 'expiresOnEpochMs' | 'credentialId'>;

/** Worst first; within a status the one that ends first; then by name, so that two runs read alike. */
export const worstFirst = (one: Ordered, other: Ordered): number =>
  Number(one.suppressed !== undefined) - Number(other.suppressed !== undefined) ||
  STATUSES_WORST_FIRST.indexOf(one.status) - STATUSES_WORST_FIRST.indexOf(other.status) ||
  (one.expiresOnEpochMs ?? Number.MAX_VALUE) - (other.expiresOnEpochMs ?? Number.MAX_VALUE) ||
  one.credentialId.localeCompare(other.credentialId, 'en');

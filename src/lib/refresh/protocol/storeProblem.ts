import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import type { RefreshProblem } from '../refreshOutcome.ts';
import { type GrantStores, storeAction } from './storeAction.ts';

/** A store's failure in the words of an outcome. */
export const storeProblem = (
  grant: Pick<Grant, 'id'> & GrantStores,
  failure: StoreFailure,
): RefreshProblem => ({
  code: `${failure.store}_${failure.code}`,
  permanence: failure.permanence,
  detail: `Grant ${grant.id}: ${failure.detail}`,
  action: failure.action ?? storeAction(grant, failure),
  retryAfterSeconds: failure.retryAfterSeconds,
  cause: failure.cause,
});

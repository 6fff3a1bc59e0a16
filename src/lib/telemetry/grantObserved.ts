import { GRANT_OUTCOMES } from '../credentials/grantOutcomes.ts';
import { keysOf } from '../kernel/keysOf.ts';
import {
  action,
  consentEndsAt,
  deadline,
  grantId,
  owner,
  provider,
  reconnectUrl,
  runbook,
  targets,
  tokenEndpointHost,
} from './attributes.ts';
import { instant, oneOfWords, optional, text } from './attributeTypes.ts';

/**
 * The state of one grant. `keywatch.grant.refreshed` reports an attempt once; a dead or stuck grant
 * sees no further attempt, so its state has to be reported again for as long as it lasts.
 */
export const grantObserved = {
  meaning:
    'A grant as the refresh timer saw it: one that is dead or stuck at every run, any other once an hour. Not sent while attempts fail: those are events of their own.',
  attributes: {
    credentialId: grantId,
    outcome: optional(
      oneOfWords(
        keysOf(GRANT_OUTCOMES),
        'Outcome of its last attempt, as in keywatch.grant.refreshed; absent when the stored token was written after it, or none was made.',
      ),
    ),
    reason: optional(text('Reason of that outcome, as a stable code.')),
    action,
    provider,
    tokenEndpointHost,
    targets,
    refreshedAt: optional(instant('When a token was last obtained and stored.')),
    deadline,
    consentEndsAt,
    owner,
    runbook,
    reconnectUrl,
  },
} as const;

import { CONSENT_OUTCOMES } from '../credentials/consentOutcomes.ts';
import { GRANT_OUTCOMES } from '../credentials/grantOutcomes.ts';
import { keysOf } from '../kernel/keysOf.ts';
import {
  action,
  consentEndsAt,
  deadline,
  grantId,
  httpStatus,
  oauthError,
  owner,
  permanence,
  provider,
  reason,
  reconnectUrl,
  runbook,
  targets,
  tokenEndpointHost,
} from './attributes.ts';
import { flag, instant, number, oneOf, oneOfWords, optional, quantity, text } from './attributeTypes.ts';

/** What becomes of grants. */
export const grantEvents = {
  'keywatch.grant.refreshed': {
    meaning: 'An attempt at one grant ended. One event an attempt, whatever came of it.',
    attributes: {
      credentialId: grantId,
      outcome: oneOf(GRANT_OUTCOMES),
      permanence,
      reason,
      oauthError,
      httpStatus,
      provider,
      tokenEndpointHost,
      targets,
      rotated: optional(flag('Whether the answer carried a new refresh token.')),
      seq: optional(number('Sequence number of the stored token.')),
      deadline,
      consentEndsAt,
      durationMs: quantity('ms', 'Of the whole attempt.'),
      owner,
      runbook,
      reconnectUrl,
      action,
    },
  },
  // The other reports an attempt once; a dead or stuck grant sees no further attempt, and is told of for as long as it lasts.
  'keywatch.grant.observed': {
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
  },
  // Who asked for a consent, for the audit; that a grant is alive again `keywatch.grant.refreshed` says.
  'keywatch.grant.connected': {
    meaning: 'A person was sent to a provider for a new consent to a grant, and this came of it.',
    attributes: {
      credentialId: grantId,
      outcome: oneOf(CONSENT_OUTCOMES),
      reason,
      provider,
      tenantId: optional(
        text('Tenant of the person who was signed in to Keywatch; absent for `npm run connect`.'),
      ),
      objectId: optional(
        text('Object id of that person, which no other one ever has; absent for `npm run connect`.'),
      ),
      owner,
      runbook,
    },
  },
} as const;

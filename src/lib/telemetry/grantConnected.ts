import { CONSENT_OUTCOMES } from '../credentials/consentOutcomes.ts';
import { keysOf, meaningsOf } from '../kernel/keysOf.ts';
import { grantId, owner, provider, reason, runbook } from './attributes.ts';

/** Who asked for a consent, for the audit; that a grant is alive again `keywatch.grant.refreshed` says. */
export const grantConnected = {
  meaning: 'A person was sent to a provider for a new consent to a grant, and this came of it.',
  attributes: {
    credentialId: grantId,
    outcome: { type: 'string', values: keysOf(CONSENT_OUTCOMES), meaning: meaningsOf(CONSENT_OUTCOMES) },
    reason,
    provider,
    tenantId: {
      type: 'string',
      optional: true,
      meaning: 'Tenant of the person who was signed in to Keywatch; absent for `npm run connect`.',
    },
    objectId: {
      type: 'string',
      optional: true,
      meaning: 'Object id of that person, which no other one ever has; absent for `npm run connect`.',
    },
    owner,
    runbook,
  },
} as const;

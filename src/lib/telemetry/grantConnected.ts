import { CONSENT_OUTCOMES } from '../credentials/consentOutcomes.ts';
import { grantId, owner, provider, reason, runbook } from './attributes.ts';
import { oneOf, optional, text } from './attributeTypes.ts';

/** Who asked for a consent, for the audit; that a grant is alive again `keywatch.grant.refreshed` says. */
export const grantConnected = {
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
} as const;

import { type Crowd, grant } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [grant(n, 'not_stored')];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a rotated token is held in the control record only',
    happened: (t) => t.refreshed('crm', 5, 'not_stored', { rotated: true, reason: 'vault_unavailable' }),
    fires: { 'rotated-token-not-stored': [{ CredentialId: 'grant/crm', Provider: 'salesforce' }] },
  },
  {
    name: 'a held token was stored at the next run',
    spares: ['rotated-token-not-stored'],
    happened: (t) => {
      t.refreshed('crm', 15, 'not_stored', { rotated: true });
      t.refreshed('crm', 5, 'recovered');
    },
    fires: {},
  },
];

import { type Crowd, grant } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';

const url = 'https://keywatch.example.com/api/grants/crm/reconnect';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [grant(n, 'ambiguous')];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'the answer to a refresh was lost',
    happened: (t) => t.refreshed('crm', 5, 'ambiguous', { reason: 'answer_lost' }),
    fires: { 'refresh-ambiguous': [{ CredentialId: 'grant/crm', Owner: 'team-crm', ReconnectUrl: url }] },
  },
  {
    name: 'a lost answer was healed by the planned retry',
    spares: ['refresh-ambiguous'],
    happened: (t) => {
      t.refreshed('crm', 40, 'ambiguous', { reason: 'answer_lost' });
      t.refreshed('crm', 5, 'refreshed');
    },
    fires: {},
  },
];

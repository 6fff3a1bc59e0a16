import { type Crowd, proof } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [proof(n, 'call_forbidden', 'authorization')];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a consent was withdrawn, a resource answers 403, a token lacks a role: named as what each may not',
    happened: (t) => {
      t.proved('orders', 35, 'proven');
      t.proved('orders', 5, 'not_permitted', { oauthError: 'invalid_grant', numbers: '65001' });
      t.proved('stock', 5, 'call_forbidden', { httpStatus: 403 });
      t.proved('rates', 5, 'proven', { findings: 'role_missing,excess_scope' });
    },
    fires: {
      'credential-not-permitted': [
        { CredentialId: 'client/orders', Owner: 'team-orders' },
        { CredentialId: 'client/stock' },
        { CredentialId: 'client/rates' },
      ],
      digest: [{ Open: 'credentials not permitted: 3' }],
    },
    says: { 'credential-not-permitted': /"WhoActs":"administrator","Action":"Grant the role/ },
  },
  {
    name: 'a token grants too much, a role was granted again, and a consent is too new to be known everywhere',
    spares: ['credential-not-permitted'],
    happened: (t) => {
      t.proved('orders', 5, 'proven', { findings: 'excess_scope' });
      t.proved('stock', 35, 'proven', { findings: 'role_missing' });
      t.proved('stock', 5, 'proven');
      t.proved('rates', 35, 'not_permitted');
      t.proved('rates', 5, 'settling');
    },
    fires: {},
  },
];

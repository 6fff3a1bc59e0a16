import { type Crowd, proof } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [proof(n, 'call_forbidden', 'authorization')];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a consent was withdrawn',
    happened: (t) => {
      t.proved('orders', 35, 'proven');
      t.proved('orders', 5, 'not_permitted', { oauthError: 'invalid_grant', numbers: '65001' });
    },
    fires: {
      'credential-not-permitted': [{ CredentialId: 'client/orders', Owner: 'team-orders' }],
      digest: [{ Open: 'credentials not permitted: 1' }],
    },
  },
  {
    name: 'a resource answers 403: it is named as what it may not, not as who it is',
    happened: (t) => t.proved('orders', 5, 'call_forbidden', { httpStatus: 403 }),
    fires: { 'credential-not-permitted': [{ CredentialId: 'client/orders' }] },
  },
  {
    name: 'a token is issued and lacks a role',
    happened: (t) => t.proved('orders', 5, 'proven', { findings: 'role_missing,excess_scope' }),
    fires: { 'credential-not-permitted': [{ CredentialId: 'client/orders' }] },
    says: { 'credential-not-permitted': /"WhoActs":"administrator","Action":"Grant the role/ },
  },
  {
    name: 'a token grants too much, which breaks nothing',
    spares: ['credential-not-permitted'],
    happened: (t) => t.proved('orders', 5, 'proven', { findings: 'excess_scope' }),
    fires: {},
  },
  {
    name: 'a role was granted again',
    spares: ['credential-not-permitted'],
    happened: (t) => {
      t.proved('orders', 35, 'proven', { findings: 'role_missing' });
      t.proved('orders', 5, 'proven');
    },
    fires: {},
  },
  {
    name: 'a consent is too new to be known everywhere',
    spares: ['credential-not-permitted'],
    happened: (t) => {
      t.proved('orders', 35, 'not_permitted');
      t.proved('orders', 5, 'settling');
    },
    fires: {},
  },
];

import { type Crowd, event, guid, signIn } from '../../../test/infra/crowd.ts';
import { hour, type Scenario } from '../../../test/infra/scenario.ts';
import { expiring, type Seen } from '../../../test/infra/seen.ts';

const WRONG = '7000215';
const EXPIRED = '7000222';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [
  event('credential.observed', 5, {
    ...{ credentialId: `entra/app_secret/app-${n}/1`, kind: 'app_secret', vault: 'entra' },
    ...{ appId: guid(n), version: guid(n), owner: `team-${n}`, status: 'valid', runId: 's', mode: 'full' },
  }),
  signIn(20, n, { result: WRONG }),
  signIn(5, n, { result: WRONG }),
];

/** The secret `key` of the application `n`, as the scan of the tenant sees it. */
const secretOf = (n: number, key: number, more: Partial<Seen> = {}): Seen =>
  expiring({
    ...{ name: `app-${n}/${key}`, credentialId: `entra/app_secret/app-${n}/${key}`, kind: 'app_secret' },
    ...{ status: 'valid', days: 300, appId: guid(n), version: guid(key), owner: undefined, ...more },
  });

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a consumer that was accepted until noon is refused: application, owner, address and reason are named',
    happened: (t) =>
      t.scan('entra', 30, {
        ...{ job: 'entra-scan', mode: 'full' },
        sees: [secretOf(1, 11, { owner: 'team-orders' }), secretOf(1, 12)],
      }),
    signIns: [
      signIn(2 * hour, 1, { key: 11 }),
      signIn(25, 1, { result: WRONG }),
      signIn(10, 1, { result: WRONG }),
    ],
    fires: {
      'entra-secret-refused': [
        {
          CredentialId: 'entra/application/app-1',
          Owner: 'team-orders',
          Kind: 'application',
          Vault: 'entra',
        },
      ],
    },
    says: { 'entra-secret-refused': /"Said":"the secret is wrong.*203\.0\.113\.7/ },
  },
  {
    name: 'an ended secret is still sent: where Entra ID says which, it is that credential',
    happened: (t) =>
      t.scan('entra', 30, {
        ...{ job: 'entra-scan', mode: 'full' },
        sees: [secretOf(2, 21, { owner: 'team-stock' }), secretOf(2, 22, { owner: 'team-other' })],
      }),
    signIns: [signIn(70, 2, { key: 21, result: EXPIRED }), signIn(9, 2, { key: 21, result: EXPIRED })],
    fires: {
      'entra-secret-refused': [
        { CredentialId: 'entra/app_secret/app-2/21', Owner: 'team-stock', Kind: 'app_secret' },
      ],
    },
  },
  {
    name: 'clients of the config are refused for others too: in a tenant that is not scanned, at an address they share',
    happened: (t) => {
      t.proved('rates', 5, 'proven', { appId: guid(3), owner: 'team-rates' });
      t.proved('menus', 5, 'proven', { appId: guid(4) });
    },
    signIns: [
      signIn(50, 3, { result: WRONG }),
      signIn(3, 3, { result: WRONG }),
      ...[60, 40, 20].flatMap((minutesAgo) => [
        signIn(minutesAgo, 4, { result: WRONG }),
        signIn(minutesAgo - 5, 4, { key: 41 }),
      ]),
    ],
    fires: {
      'entra-secret-refused': [
        { CredentialId: 'client/rates', Owner: 'team-rates', Kind: 'client' },
        { CredentialId: 'client/menus' },
      ],
    },
  },
  {
    name: 'the secret of a client was revoked: the proofs of Keywatch are among the sign-ins, and one alert is enough',
    spares: ['entra-secret-refused'],
    happened: (t) => t.proved('rates', 5, 'credential_wrong', { appId: guid(8) }),
    signIns: [signIn(35, 8, { result: WRONG }), signIn(5, 8, { result: WRONG })],
    fires: { 'credential-refused': [{ CredentialId: 'client/rates' }] },
  },
  {
    name: 'a resource refuses the token of a client, and somebody else sends a wrong secret: two faults',
    happened: (t) => t.proved('rates', 5, 'call_refused', { appId: guid(8) }),
    signIns: [signIn(35, 8, { result: WRONG }), signIn(5, 8, { result: WRONG })],
    fires: {
      'credential-refused': [{ CredentialId: 'client/rates' }],
      'entra-secret-refused': [{ CredentialId: 'client/rates' }],
    },
  },
  {
    name: 'an application is scanned and two clients of the config: it has one name, whichever was seen last',
    happened: (t) => {
      t.proved('rates', 35, 'proven', { appId: guid(8), owner: 'team-rates' });
      t.proved('fares', 36, 'proven', { appId: guid(8), owner: 'team-fares' });
      t.scan('entra', 30, {
        ...{ job: 'entra-scan', mode: 'full' },
        sees: [secretOf(8, 81, { owner: 'team-orders' })],
      });
    },
    signIns: [signIn(35, 8, { result: WRONG }), signIn(5, 8, { result: WRONG })],
    fires: { 'entra-secret-refused': [{ CredentialId: 'client/fares', Owner: 'team-fares' }] },
  },
  {
    name: 'a pipeline goes out from another address each time: it is refused all the same, until one of them is accepted',
    happened: (t) => {
      for (const n of [11, 12]) t.proved(`pipeline-${n}`, 5, 'proven', { appId: guid(n) });
    },
    signIns: [
      signIn(30 * hour, 11, { key: 111, address: '198.51.100.9' }),
      signIn(25 * hour, 11, { result: WRONG, address: '198.51.100.1' }),
      signIn(65, 11, { result: WRONG, address: '198.51.100.2' }),
      signIn(31, 12, { result: WRONG, address: '198.51.100.1' }),
      signIn(30, 12, { result: WRONG, address: '198.51.100.2' }),
      signIn(29, 12, { key: 121, address: '198.51.100.3' }),
    ],
    fires: { 'entra-secret-refused': [{ CredentialId: 'client/pipeline-11' }] },
    says: { 'entra-secret-refused': /"Refusals":2/ },
  },
  {
    name: 'a new secret was too new, one was mistyped once or is sent no more, others lack a consent or are unknown',
    spares: ['entra-secret-refused'],
    happened: (t) => {
      for (const n of [5, 6, 7, 10]) t.proved(`client-${n}`, 5, 'proven', { appId: guid(n) });
    },
    signIns: [
      signIn(31, 5, { result: WRONG }),
      signIn(30, 5, { result: WRONG }),
      signIn(29, 5, { key: 51 }),
      signIn(30, 6, { result: WRONG, address: '198.51.100.9' }),
      ...[5, 4, 3].map((hours) => signIn(hours * hour, 7, { result: WRONG })),
      ...[30, 20, 10].map((minutesAgo) => signIn(minutesAgo, 10, { result: '65001' })),
      ...[29, 19, 9].map((minutesAgo) => signIn(minutesAgo, 10, { result: '90055' })),
      ...[30, 20, 10].map((minutesAgo) => signIn(minutesAgo, 9, { result: WRONG })),
    ],
    fires: {},
  },
];

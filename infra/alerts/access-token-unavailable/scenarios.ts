import { type Crowd, event } from '../../../test/infra/crowd.ts';
import { day, hour, type Scenario } from '../../../test/infra/scenario.ts';

const every = (minutes: number, fromMinutesAgo: number, untilMinutesAgo = 0): readonly number[] =>
  Array.from(
    { length: Math.floor((fromMinutesAgo - untilMinutesAgo) / minutes) + 1 },
    (_, index) => fromMinutesAgo - index * minutes,
  );

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) =>
  [20, 5].map((minutesAgo) =>
    event('token.unavailable', minutesAgo, {
      ...{ credentialId: `grant/${n}`, reason: 'none_usable', objectId: 'a program' },
    }),
  );

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'each refresh is well and leaves no token to hand on, is slow, or fails in Keywatch; a neighbour is served',
    happened: (t) => {
      for (const id of ['crm', 'erp', 'hr', 'pos']) t.refreshed(id, 25, 'refreshed', { rotated: true });
      t.tokenGot('crm', 40);
      t.tokenGot('crm', 4, 'kept');
      for (const minutesAgo of [25, 15, 2]) t.tokenUnavailable('crm', minutesAgo, 'none_usable');
      for (const minutesAgo of [70, 4]) t.tokenUnavailable('erp', minutesAgo, 'refresh_slow');
      for (const minutesAgo of [20, 9]) t.tokenUnavailable('hr', minutesAgo, 'exception');
      for (const minutesAgo of every(5, 60)) t.tokenGot('pos', minutesAgo);
    },
    fires: {
      'access-token-unavailable': ['crm', 'erp', 'hr'].map((id) => ({
        ...{ CredentialId: `grant/${id}`, Owner: 'team-crm', Provider: 'salesforce' },
      })),
    },
    says: {
      'access-token-unavailable':
        /"Reason":"none_usable","Action":"Have the provider.*"Callers":1,"OfGrants":\["grant\/crm"\]/,
      digest: /"Open":"no access tokens: 3".*"none_usable: grant\/crm"/,
    },
  },
  {
    name: 'nobody can be told from anybody, as the signing keys cannot be read: one alert, whoever asks for whatever',
    happened: (t) => {
      t.tokenGot('crm', 50);
      for (const minutesAgo of every(1, 15)) t.turnedAway(minutesAgo, 'keys_unavailable');
    },
    fires: { 'access-token-unavailable': [{ CredentialId: 'any grant', Owner: 'Keywatch itself' }] },
    says: { 'access-token-unavailable': /"Reason":"keys_unavailable"/ },
  },
  {
    name: 'the storage account is away, and before it the key vault: one alert for all grants, and none for each',
    happened: (t) => {
      for (const id of ['crm', 'erp', 'hr']) {
        t.refreshed(id, hour, id === 'hr' ? 'transient_failure' : 'refreshed', { permanence: 'transient' });
        t.tokenUnavailable(id, 20, 'token_unopened');
        t.tokenUnavailable(id, 12, id === 'hr' ? 'refresh_failing' : 'token_unopened');
        t.tokenUnavailable(id, 1, id === 'hr' ? 'refresh_failing' : 'record_unreadable');
      }
    },
    fires: { 'access-token-unavailable': [{ CredentialId: 'any grant' }] },
    says: {
      'access-token-unavailable':
        /"Reason":"record_unreadable".*"OfGrants":\["grant\/crm","grant\/erp","grant\/hr"\]/,
    },
  },
  {
    name: 'one instance of several cannot open tokens for an hour, and others serve meanwhile',
    happened: (t) => {
      for (const minutesAgo of every(5, 60)) t.tokenUnavailable('crm', minutesAgo, 'token_unopened');
      for (const minutesAgo of every(4, 60)) t.tokenGot('crm', minutesAgo);
    },
    fires: { 'access-token-unavailable': [{ CredentialId: 'any grant' }] },
  },
  {
    name: 'a retry worked, one caller of the night was refused once, an outage is over, and one is minutes old',
    spares: ['access-token-unavailable'],
    happened: (t) => {
      for (const minutesAgo of [100, 70, 40, 10]) {
        t.tokenUnavailable('crm', minutesAgo, 'refresh_slow');
        t.tokenGot('crm', minutesAgo - 1, 'refreshed');
      }
      t.tokenUnavailable('nightly', 90, 'record_unreadable');
      for (const minutesAgo of every(2, 80, 20)) t.tokenUnavailable('erp', minutesAgo, 'none_usable');
      t.tokenGot('erp', 18, 'refreshed');
      for (const minutesAgo of [8, 5, 1]) t.tokenUnavailable('hr', minutesAgo, 'none_usable');
      for (const minutesAgo of every(10, day, 3 * hour))
        t.tokenUnavailable('gone', minutesAgo, 'none_usable');
    },
    fires: {},
  },
  {
    name: 'strangers and programs without the role ask for tokens, in numbers',
    spares: ['access-token-unavailable'],
    happened: (t) => {
      for (const reason of ['nobody', 'signature_wrong', 'expired', 'key_unknown', 'role_missing'] as const)
        for (const minutesAgo of every(1, 60)) t.turnedAway(minutesAgo, reason);
    },
    fires: {},
  },
  {
    name: 'callers get none of grants whose refresh does not end well: the rule of each outcome says so, at once',
    spares: ['access-token-unavailable'],
    happened: (t) => {
      t.refreshed('crm', 25, 'transient_failure', { permanence: 'transient', reason: 'server_error' });
      t.refreshed('erp', 25, 'ambiguous', { permanence: 'transient' });
      t.refreshed('hr', 25, 'not_stored', { permanence: 'transient' });
      t.refreshed('pos', 25, 'misconfigured', { permanence: 'permanent' });
      for (const id of ['crm', 'erp', 'hr', 'pos'])
        for (const minutesAgo of [24, 12, 3]) t.tokenUnavailable(id, minutesAgo, 'refresh_failing');
    },
    fires: {
      'refresh-failing': [
        { CredentialId: 'grant/crm', Class: 'transient' },
        { CredentialId: 'grant/pos', Class: 'permanent' },
      ],
      'refresh-ambiguous': [{ CredentialId: 'grant/erp' }],
      'rotated-token-not-stored': [{ CredentialId: 'grant/hr' }],
    },
  },
  {
    name: 'a failed refresh cools down and callers get the token that lives, or one that is minutes old',
    spares: ['refresh-failing', 'access-token-unavailable'],
    happened: (t) => {
      t.refreshed('crm', 25, 'transient_failure', { permanence: 'transient' });
      for (const minutesAgo of [24, 12, 3]) t.tokenGot('crm', minutesAgo, 'kept');
      t.refreshed('erp', 9, 'transient_failure', { permanence: 'transient' });
      for (const minutesAgo of [8, 4, 1]) t.tokenUnavailable('erp', minutesAgo, 'refresh_failing');
    },
    fires: {},
  },
  {
    name: 'a provider is away, and then the key vault: what was open before has another cause, and stays open',
    happened: (t) => {
      t.refreshed('crm', 40, 'transient_failure', { permanence: 'transient', reason: 'server_error' });
      for (const minutesAgo of [39, 30, 20, 10, 3]) t.tokenUnavailable('crm', minutesAgo, 'refresh_failing');
      t.refreshed('erp', 60, 'refreshed', { rotated: true });
      for (const minutesAgo of [14, 9, 3]) t.tokenUnavailable('erp', minutesAgo, 'token_unopened');
    },
    fires: {
      'access-token-unavailable': [{ CredentialId: 'any grant' }],
      'refresh-failing': [{ CredentialId: 'grant/crm' }],
    },
  },
];

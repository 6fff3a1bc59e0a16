import { type Crowd, event } from '../../../test/infra/crowd.ts';
import { day, hour, type Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [
  event('rotation.advanced', 5, {
    ...{ credentialId: `rotation/${n}`, outcome: 'failed', permanence: 'permanent', owner: `team-${n}` },
    ...{ reason: 'directory_forbidden', vault: 'kv-a', name: `secret-${n}`, application: `app-${n}` },
  }),
];

const permanent = { permanence: 'permanent', reason: 'directory_forbidden', action: 'Grant it.' } as const;
const transient = { permanence: 'transient', reason: 'vault_unavailable' } as const;
const refused = { permanence: 'permanent', reason: 'credential_wrong' } as const;

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'the identity that rotates may not change the application',
    happened: (t) => {
      t.rotated('crm', 65, 'current');
      t.rotated('crm', 5, 'failed', permanent);
    },
    fires: {
      'rotation-failing': [{ CredentialId: 'rotation/crm', Owner: 'team-crm' }],
      digest: [{ Open: 'rotations failing: 1' }],
    },
  },
  {
    name: 'a vault did not answer once, or for an hour; what was taken back is made anew; a secret is being proven',
    spares: ['rotation-failing'],
    happened: (t) => {
      t.rotated('crm', 15, 'failed', transient);
      t.rotated('crm', 5, 'stored');
      for (const minutesAgo of [65, 45, 25, 5]) t.rotated('erp', minutesAgo, 'failed', transient);
      t.rotated('hr', day + hour, 'taken_back', refused);
      t.rotated('hr', 20, 'added');
      t.rotated('hr', 10, 'stored');
      t.rotated('pos', 15, 'added');
      t.rotated('pos', 5, 'settling');
    },
    fires: {},
  },
  {
    name: 'a vault has not answered for seven hours, nobody hears whether a secret was made, one was taken back',
    happened: (t) => {
      for (const hoursAgo of [7, 5, 3, 1]) t.rotated('crm', hoursAgo * hour, 'failed', transient);
      for (const hoursAgo of [8, 6, 4, 2]) {
        t.rotated('erp', hoursAgo * hour, 'failed', { ...transient, reason: 'directory_timeout' });
        t.rotated('erp', hoursAgo * hour - 65, 'removed');
      }
      t.rotated('hr', 5 * hour, 'taken_back', refused);
      t.rotated('hr', 4 * hour, 'removed');
      t.rotated('hr', 3 * hour, 'current');
    },
    fires: {
      'rotation-failing': ['crm', 'erp', 'hr'].map((id) => ({ CredentialId: `rotation/${id}` })),
      digest: ['crm', 'erp', 'hr'].map((id) => ({ Owner: `team-${id}`, Open: 'rotations failing: 1' })),
    },
  },
  {
    name: 'the secret that the vault holds is refused, as its proof says: one alert',
    spares: ['rotation-failing'],
    happened: (t) => {
      t.rotated('orders', 15, 'failed', { permanence: 'permanent', reason: 'rotation_held_refused' });
      t.proved('orders', 5, 'credential_wrong');
    },
    fires: { 'credential-refused': [{ CredentialId: 'client/orders' }] },
  },
];

import { type Crowd, event, fullScan, guid, instant, signIn } from '../../../test/infra/crowd.ts';
import { day, hour, inDays, type Scenario } from '../../../test/infra/scenario.ts';
import { expiring, type Seen } from '../../../test/infra/seen.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [
  fullScan(),
  event('credential.observed', 5, {
    ...{ credentialId: `kv-a/app_secret/app-${n}/1`, kind: 'app_secret', vault: 'kv-a', owner: `team-${n}` },
    ...{ appId: guid(n), version: guid(n), status: 'critical', suppressed: 'superseded' },
    ...{ runId: 's', mode: 'full', expiresOn: instant(2 + n / 86_400) },
  }),
  signIn(5, n, { key: n }),
];

/** The secret `key`, from which a newer one of its application took over. */
const old = (key: number, more: Partial<Seen> = {}): Seen =>
  expiring({
    ...{ name: `app/${key}`, credentialId: `entra/app_secret/app/${key}`, kind: 'app_secret' },
    ...{ appId: guid(1), version: guid(key), suppressed: 'superseded', ...more },
  });

/** Two secrets of the application `n`, of which Keywatch made the new one so many days ago. */
const rotated = (before: number, now: number, daysAgo: number, n = 1, endOfOld = 90): readonly Seen[] => {
  const secret = { appId: guid(n), status: 'valid', suppressed: undefined } as const;
  return [
    old(before, { ...secret, days: endOfOld, createdOn: inDays(-90) }),
    old(now, { ...secret, days: 180, createdOn: inDays(-daysAgo), rotation: 'orders' }),
  ];
};

const scan = { job: 'entra-scan', mode: 'full' } as const;

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'an application has a new secret, and one consumer still signs in with the old one, which ends in six days',
    happened: (t) => t.scan('entra', 30, { ...scan, sees: [old(101, { status: 'critical', days: 6.5 })] }),
    signIns: [signIn(3 * hour, 1, { key: 101 }), signIn(2 * hour, 1, { key: 102, address: '198.51.100.9' })],
    fires: {
      'entra-old-secret-used': [
        { CredentialId: 'entra/app_secret/app/101', Owner: 'team-crm', EndsAt: '2026-11-29 00:00' },
      ],
    },
    says: { 'entra-old-secret-used': /"DaysLeft":6,.*"Addresses":\["203\.0\.113\.7"\]/ },
  },
  {
    name: 'Keywatch rotated a secret three days ago, and one consumer still signs in with the one before',
    happened: (t) => t.scan('entra', 30, { ...scan, sees: rotated(121, 122, 3) }),
    signIns: [signIn(hour, 1, { key: 121 }), signIn(hour, 1, { key: 122, address: '198.51.100.9' })],
    fires: { 'entra-old-secret-used': [{ CredentialId: 'entra/app_secret/app/121' }] },
  },
  {
    name: 'secrets were rotated an hour and three weeks ago, or the older one ends later: it is that of another consumer',
    spares: ['entra-old-secret-used'],
    happened: (t) =>
      t.scan('entra', 30, {
        ...scan,
        sees: [...rotated(131, 132, 0.05, 2), ...rotated(141, 142, 21, 3), ...rotated(151, 152, 3, 4, 400)],
      }),
    signIns: [
      signIn(20, 2, { key: 131 }),
      signIn(20, 3, { key: 141, address: '198.51.100.4' }),
      signIn(20, 4, { key: 151, address: '198.51.100.5' }),
    ],
    fires: {},
  },
  {
    name: 'old secrets that are refused, are not used, end far off, or are gone from the directory',
    spares: ['entra-old-secret-used'],
    happened: (t) => {
      t.scan('entra', day + hour, { ...scan, sees: [old(114)] });
      t.scan('entra', 30, {
        ...scan,
        sees: [
          old(111),
          old(112),
          old(113, { status: 'valid', days: 200 }),
          old(115, { suppressed: undefined }),
        ],
      });
    },
    signIns: [
      signIn(20, 1, { key: 111, result: '7000222' }),
      signIn(20, 1, { key: 113, address: '198.51.100.1' }),
      signIn(26 * hour, 1, { key: 114, address: '198.51.100.2' }),
      signIn(20, 1, { key: 115, address: '198.51.100.3' }),
    ],
    fires: { 'credential-expiring': [{ CredentialId: 'entra/app_secret/app/115' }] },
  },
];

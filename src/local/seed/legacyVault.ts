import { certificate, key, type SeededVault, secret } from './seededObject.ts';

const LONGEST_NAME = `the-longest-name-that-key-vault-takes-${'x'.repeat(89)}`;

/** What the merger left behind: no owners, tags by hand, names that were clever once. */
export const legacyVault: SeededVault = {
  name: 'kv-contoso-legacy',
  objects: [
    secret('ftp-password', {}),
    secret('sa-password-DO-NOT-DELETE', { madeDaysAgo: 1500 }),
    secret('ApiKey', { endsInDays: 15 }),
    secret('test', { endsInDays: -600, madeDaysAgo: 965 }),
    secret('0', { endsInDays: 33 }),
    secret('----', { endsInDays: 4 }),
    secret(LONGEST_NAME, { endsInDays: 27 }),
    secret('owner-with-markup', {
      endsInDays: 13,
      tags: { 'keywatch-owner': '<script>alert(document.cookie)</script>' },
    }),
    secret('owner-with-escapes', {
      endsInDays: 19,
      tags: { 'keywatch-owner': '\u001b[2J\u001b[31mroot\u0007\u202egro.evil' },
    }),
    secret('tag-typo', { endsInDays: 21, tags: { 'keywatch-onwer': 'legacy@contoso.example' } }),
    secret('tag-crossed', {
      endsInDays: 24,
      owner: 'legacy@contoso.example',
      tags: { 'keywatch-warning-days': '5', 'keywatch-critical-days': '50' },
    }),
    secret('tag-nonsense', {
      endsInDays: 60,
      owner: 'legacy@contoso.example',
      tags: {
        'keywatch-warning-days': '-7',
        'keywatch-snooze-until': 'next week',
        'keywatch-ignore': 'perhaps',
        'keywatch-runbook': 'http://intranet/runbook',
        'keywatch-target': '10.0.0.7, *.intranet.example',
      },
    }),
    secret('tag-of-256-characters', { endsInDays: 500, tags: { 'keywatch-owner': 'x'.repeat(256) } }),
    secret('snoozed-for-ever', {
      endsInDays: 16,
      owner: 'legacy@contoso.example',
      tags: { 'keywatch-snooze-until': '9999-12-31' },
    }),
    secret('rotated-by-a-script', { endsInDays: 364, madeDaysAgo: 1, olderVersions: 6 }),
    key('vpn-psk', { endsInDays: -90, madeDaysAgo: 820 }),
    key('backup-encryption', {}),
    key('year-9999', { endsOn: '9999-12-31' }),
    certificate('intranet-contoso-local', { endsInDays: 10.5, madeDaysAgo: 719 }),
    certificate('old-exchange', { endsInDays: -1200, madeDaysAgo: 3025 }),
  ],
};

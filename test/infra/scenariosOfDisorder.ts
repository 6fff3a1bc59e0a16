import type { Scenario } from './scenarios.ts';
import type { Seen } from './seen.ts';
import { NOW } from './telling.ts';

const hour = 60;
const day = 1440;
const DAY_MS = day * 60_000;
const critical = (more: Partial<Seen> = {}): Seen => ({ name: 'crm', status: 'critical', days: 2, ...more });
const renewed: Seen = { name: 'crm', status: 'valid', days: 365 };
const dead = { permanence: 'permanent', reason: 'invalid_grant' } as const;
const throttled = { outcome: 'failed', reason: 'throttled', httpStatus: 429 } as const;

/** What comes late, twice, out of order, or from somebody who is no longer asked. */
export const DISORDER_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a secret was renewed, and looked at, while a long scan that had seen the old one was still going on',
    happened: (t) => {
      t.scan('kv-a', 5, { tookMinutes: 12, sees: [critical()] });
      t.look('kv-a', 9, renewed);
    },
    fires: {},
  },
  {
    name: 'a short-lived secret was made while a long scan had already passed its page',
    happened: (t) => {
      t.scan('kv-a', 5, { tookMinutes: 12 });
      t.look('kv-a', 9, critical({ name: 'new' }));
    },
    fires: { 'credential-critical': [{ CredentialId: 'kv-a/secret/new' }] },
  },
  {
    name: 'a look before the scan began is forgotten: the secret was deleted in between',
    happened: (t) => {
      t.look('kv-a', 30, critical());
      t.scan('kv-a', 5, { tookMinutes: 12 });
    },
    fires: {},
  },
  {
    name: 'the first attempt of a scan broke off, and a secret that it saw was renewed before the second',
    happened: (t) => {
      t.scan('kv-a', 12, { runId: 'twice', tookMinutes: 3, sees: [critical()], ...throttled });
      t.look('kv-a', 11, renewed);
      t.scan('kv-a', 5, { runId: 'twice', tookMinutes: 3 });
    },
    fires: {},
  },
  {
    name: 'a scan that was asked for earlier ends after the later one: the later one counts',
    happened: (t) => {
      t.scan('kv-a', 6, { tookMinutes: 25, sees: [critical()] });
      t.scan('kv-a', 8, { tookMinutes: 1 });
    },
    fires: {},
  },
  {
    name: 'an event spells the name of a secret in other letters than the scan does',
    happened: (t) => {
      t.scan('kv-a', 30, { sees: [critical()] });
      t.look('kv-a', 5, { ...renewed, name: 'CRM' });
    },
    fires: {},
  },
  {
    name: 'a grant was reconnected in the same second in which the timer still told that it is dead',
    happened: (t) => {
      t.refreshed('crm', 3 * hour, 'dead', dead);
      t.state('crm', 10, { outcome: 'dead' });
      t.refreshed('crm', 10.02, 'refreshed');
    },
    fires: {},
  },
  {
    name: 'a dead grant was taken out of the configuration three hours ago',
    happened: (t) => {
      t.refreshed('crm', 5 * hour, 'dead', dead);
      t.state('crm', 3 * hour, { outcome: 'dead' });
    },
    fires: {},
  },
  {
    name: 'a dead grant stays dead while the timer is silent, or could not read the records',
    silent: true,
    happened: (t) => {
      t.scan('kv-a', 10);
      t.state('crm', 5 * hour, { outcome: 'dead' });
      t.run('token-refresh', 5 * hour);
      t.run('token-refresh', 5, { outcome: 'failed', reason: 'grants_failed' });
    },
    fires: { 'grant-dead': [{ CredentialId: 'grant/crm' }] },
  },
  {
    name: 'a lost answer and a token that is not stored belong to grants that are no longer configured',
    happened: (t) => {
      t.state('crm', 3 * hour, { outcome: 'ambiguous' });
      t.state('erp', 3 * hour, { outcome: 'not_stored' });
    },
    fires: {},
  },
  {
    name: 'a grant fails for the sixth day and is tried once a day now',
    happened: (t) => {
      t.refreshed('crm', 26 * hour, 'transient_failure', { permanence: 'transient' });
      t.refreshed('crm', 2 * hour, 'transient_failure', { permanence: 'transient' });
      t.refreshed('erp', 23 * hour, 'transient_failure', { permanence: 'transient' });
    },
    fires: {
      'refresh-failing': [
        { CredentialId: 'grant/crm', Class: 'transient' },
        { CredentialId: 'grant/erp', Class: 'transient' },
      ],
    },
  },
  {
    name: 'a refresh failed twice, and nobody knows how long the other grant lives that worked 40 days ago',
    spares: ['refresh-failing'],
    happened: (t) => {
      for (const minutesAgo of [100, 10]) t.refreshed('crm', minutesAgo, 'transient_failure');
      t.state('erp', 40, { outcome: 'refreshed', refreshedAt: NOW - 40 * DAY_MS });
    },
    fires: {},
  },
  {
    name: 'nobody knows how long a grant lives, and it has not been refreshed for 50 days',
    happened: (t) => t.state('crm', 40, { outcome: 'refreshed', refreshedAt: NOW - 50 * DAY_MS }),
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'overdue', EndsAt: 'unknown' }] },
  },
  {
    name: 'the owner of a dead grant changes: one alert, for the new one',
    happened: (t) => {
      t.state('crm', 15, { outcome: 'dead' });
      t.state('crm', 5, { outcome: 'dead', owner: 'team-erp' });
    },
    fires: { 'grant-dead': [{ CredentialId: 'grant/crm', Owner: 'team-erp' }] },
  },
  {
    name: 'nobody has tried a new grant for a day; another is new since this morning',
    happened: (t) => {
      for (const minutesAgo of [30 * hour, hour]) t.state('crm', minutesAgo);
      for (const minutesAgo of [5 * hour, hour]) t.state('erp', minutesAgo);
    },
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'overdue' }] },
  },
  {
    name: 'a vault that refused the scanner was taken off the list',
    happened: (t) => t.scan('kv-b', 5 * hour, { outcome: 'failed', reason: 'forbidden', httpStatus: 403 }),
    fires: { 'scan-missed': [{ Vault: 'kv-b' }] },
  },
  {
    name: 'a vault fails for another reason each time: that is one alert',
    happened: (t) => {
      t.scan('kv-b', 65, { outcome: 'failed', reason: 'connection' });
      t.scan('kv-b', 5, throttled);
    },
    fires: { 'scan-incomplete': [{ Vault: 'kv-b', Problem: 'failing' }] },
  },
  {
    name: 'vaults are called grants and discovery, and both refuse the scanner',
    happened: (t) => {
      for (const vault of ['grants', 'discovery'])
        t.scan(vault, 10, { outcome: 'failed', reason: 'forbidden', httpStatus: 403 });
    },
    fires: {
      'scan-incomplete': [
        { Vault: 'grants', Problem: 'forbidden' },
        { Vault: 'discovery', Problem: 'forbidden' },
      ],
    },
  },
  {
    name: 'findings of a vault that is called grant were corrected by its last inventory',
    happened: (t) => {
      const a: Seen = { name: 'a', status: 'valid', days: 90 };
      t.scan('grant', 5 * hour, { mode: 'full', sees: [{ ...a, finding: 'malformed_tag' }] });
      t.scan('grant', hour, { mode: 'full', sees: [a] });
    },
    fires: {},
  },
  {
    name: 'the copy of a token that somebody else rotates is stale since yesterday; another was so the day before',
    happened: (t) => {
      t.findingOfGrant('crm', 12 * hour, 'stale_rotation');
      t.findingOfGrant('erp', 36 * hour, 'stale_rotation');
    },
    fires: { digest: [{ Owner: 'team-crm', Open: 'findings: 1' }] },
    says: { digest: /stale_rotation: grant\/crm/ },
  },
  {
    name: 'all calls to a host have been refused for twelve hours: it is not well yet',
    happened: (t) => {
      t.calls('api.example.net', day + 6 * hour, { ok: 200 });
      t.calls('api.example.net', 15 * hour, { ok: 60 });
      for (const hours of [11, 8, 5, 2]) t.calls('api.example.net', hours * hour, { refused: 60 });
      t.calls('api.example.net', 5, { refused: 60 });
    },
    fires: { 'dependencies-401-spike': [{ Host: 'api.example.net' }] },
  },
  {
    name: 'a host that is called rarely refuses all of a sudden; one that nobody ever called with success does not count',
    happened: (t) => {
      t.calls('api.example.net', 5 * hour, { ok: 40 });
      t.calls('api.example.net', 5, { refused: 6 });
      t.calls('guessed.example.net', 5, { refused: 6 });
    },
    fires: { 'dependencies-401-spike': [{ Host: 'api.example.net' }] },
  },
  {
    name: 'all requests of an operation have been refused for twelve hours: it is not well yet',
    happened: (t) => {
      t.requests('/orders', day + 6 * hour, { ok: 200 });
      t.requests('/orders', 15 * hour, { ok: 60 });
      for (const hours of [11, 8, 5, 2]) t.requests('/orders', hours * hour, { refused: 60 });
      t.requests('/orders', 5, { refused: 60 });
    },
    fires: { 'requests-401-spike': [{ OperationName: 'GET /orders' }] },
  },
  {
    name: 'an operation of few requests that used to succeed is refused altogether',
    happened: (t) => {
      t.requests('/invoices', 5 * hour, { ok: 40 });
      t.requests('/invoices', 5, { refused: 12 });
      t.requests('/guessed', 5, { refused: 12 });
    },
    fires: { 'requests-401-spike': [{ OperationName: 'GET /invoices' }] },
  },
  {
    name: 'batches were refused for three reasons, two for each',
    happened: (t) => {
      for (const httpStatus of [403, 429, 503]) t.metric('keywatch.telemetry.undelivered', 20, 2, httpStatus);
    },
    fires: { 'telemetry-delivery-failing': [{}] },
  },
];

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbookQuery } from '../../scripts/workbookPanels.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { guid, signIn, vaultCall } from './crowd.ts';
import { startEmitting } from './emitter.ts';
import { day, hour, inDays, NOW } from './scenario.ts';

const { emit, take, close } = startEmitting();
const store = await telemetryStore();
afterAll(async () => {
  await store.close();
  await close();
});

const run = async (name: string, query = workbookQuery(name)) =>
  (await store.query(query.replaceAll(/\{\w+:escapejson\}/g, '*'), NOW)).rows;

const textOf = (file: string): string => readFileSync(join(import.meta.dirname, '../../infra', file), 'utf8');

/** The query as Bicep deploys it for these identities of Keywatch. */
const deployedQuery = (name: string, ownClientIds: readonly string[]): string => {
  const [, between = ''] = /join\(ownClientIds, '(.*)'\)/.exec(textOf('modules/workbook.bicep')) ?? [];
  const ids = ownClientIds.join(between.replaceAll('\\\\', '\\'));
  const { items } = JSON.parse(textOf('workbook/workbook.json').replaceAll('__OWN_CLIENT_IDS__', ids));
  return items.find((item: { name: string }) => item.name === name).content.query;
};

describe('the workbook, over the sign-ins of a tenant', () => {
  beforeAll(async () => {
    emit.scan('entra', 200, {
      ...{ job: 'entra-scan', mode: 'full' },
      sees: [1, 2, 3].map((key) => ({
        ...{ name: `orders/${key}`, credentialId: `entra/app_secret/orders/${key}`, kind: 'app_secret' },
        ...{ status: 'valid', days: 500, owner: 'team-orders', appId: guid(1), version: guid(key) },
        createdOn: inDays(key === 3 ? -10 : -80),
      })),
    });
    const made = { status: 'valid', days: 500, owner: 'team', createdOn: inDays(-80) } as const;
    emit.scan('kv-a', 200, {
      mode: 'full',
      sees: [
        { ...made, name: 'crm', status: 'critical', days: 5 },
        { ...made, name: 'tls', kind: 'certificate', credentialId: 'kv-a/certificate/tls' },
        { ...made, name: 'tls' },
      ],
    });
    emit.scan('kv-c', 200, { mode: 'full', sees: [{ ...made, name: 'erp' }] });
    await store.insertEnvelopes(await take());
    await store.insertRows([
      signIn(70 * day, 1, { key: 1 }),
      signIn(2 * hour, 1, { key: 2 }),
      vaultCall(60 * day, 'SecretList', 'secrets?api-version=7.6', { by: 900 }),
      ...[900, 901].map((by) => vaultCall(hour, 'KeyGet', 'keys/tls/01', { by })),
      vaultCall(40 * day, 'KeySign', 'keys/tls/01', { by: 2 }),
      vaultCall(hour, 'SecretGet', 'secrets/crm/01', { by: 1 }),
      ...[90, 60].map((minutesAgo) => signIn(minutesAgo, 9, { result: '7000215' })),
    ]);
  });

  it('entra-refusals names who is refused, an application that Keywatch does not know, too', async () => {
    const [refused, ...others] = await run('entra-refusals');
    expect(refused).toMatchObject({ Application: 'app-9', Outcome: 'credential_wrong', Refusals: 2 });
    expect(others).toEqual([]);
  });

  it('used-at-entra says of each secret what it was used for, and for how long it was not', async () => {
    const rows = await run('used-at-entra');
    expect(rows.map((row) => [row['CredentialId'], row['UnusedForDays'], row['UsedBy']])).toEqual([
      ['entra/app_secret/orders/1', 70, null],
      ['entra/app_secret/orders/3', 10, null],
      ['entra/app_secret/orders/2', 0, ['at Microsoft Graph']],
    ]);
  });

  it('used-in-vaults puts what ends soon and was used today first, leaves out what Keywatch does, and knows nothing where the vault logs nothing', async () => {
    const rows = await run('used-in-vaults', deployedQuery('used-in-vaults', [guid(900), guid(901)]));
    expect(rows.map((row) => [row['CredentialId'], row['UnusedForDays'], row['UsedBy']])).toEqual([
      ['kv-a/secret/crm', 0, [`application ${guid(1)}, object ${guid(101)}`]],
      ['kv-a/secret/tls', 60, null],
      ['kv-a/certificate/tls', 40, null],
      ['kv-c/secret/erp', null, null],
    ]);
  });
});

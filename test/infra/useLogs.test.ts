import type { TableRow } from 'kql-on-duckdb';
import { afterAll, describe, expect, it } from 'vitest';
import { tryNeededRights } from '../../src/lib/app/neededRights.ts';
import { useLogs } from '../../src/lib/app/useLogs.ts';
import type { LogsQuery } from '../../src/lib/azure/ports.ts';
import { localLogs } from '../../src/local/localLogs.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { configOf } from '../fakes/config.ts';
import { guid, signIn, vaultCall } from './crowd.ts';
import { day, hour, NOW } from './scenario.ts';

const SCANNER = guid(900);
const store = await telemetryStore();
afterAll(() => store.close());

const ago = (minutes: number) => NOW - minutes * 60_000;
const read = async (
  source: 'keyvault' | 'entra',
  rows: readonly TableRow[],
  logs = localLogs(store, NOW),
) => {
  await store.insertRows(rows);
  const answer = await useLogs(logs, [SCANNER.toUpperCase(), undefined]).read(source);
  if (!answer.ok) throw new Error(`${answer.message} ${answer.action}`);
  return answer;
};

describe('the logs of a workspace', () => {
  it('say who read which object of a vault, by ids alone', async () => {
    const { uses, days } = await read('keyvault', [
      vaultCall(3 * hour, 'SecretGet', 'secrets/Crm/0123', { by: 1 }),
      vaultCall(2 * hour, 'SecretGet', 'secrets/crm/4567', { by: 1 }),
      vaultCall(20 * day, 'KeyUnwrap', 'keys/disk/89', {
        by: 2,
        claims: { upn: 'ana.lima@contoso.example' },
      }),
    ]);
    expect(uses.toSorted((a, b) => (a.object < b.object ? -1 : 1))).toEqual([
      {
        object: 'kv-a.vault.azure.net/keys/disk',
        appId: guid(2),
        objectId: guid(102),
        lastEpochMs: ago(20 * day),
      },
      {
        object: 'kv-a.vault.azure.net/secrets/crm',
        appId: guid(1),
        objectId: guid(101),
        lastEpochMs: ago(2 * hour),
      },
    ]);
    expect(days.get('kv-a.vault.azure.net')).toHaveLength(2);
  });

  it('say it of a vault by its host alone, whatever port a client names', async () => {
    const { uses, days } = await read('keyvault', [
      vaultCall(30, 'SecretGet', ':443/secrets/tls/01', { by: 4, vault: 'kv-c' }),
    ]);
    expect(uses.map(({ object }) => object)).toContain('kv-c.vault.azure.net/secrets/tls');
    expect(days.get('kv-c.vault.azure.net')).toHaveLength(1);
  });

  it('do not count what Keywatch itself does, listings, changes and what was refused, but show that the vault logs', async () => {
    const before = await read('keyvault', []);
    const { uses, days } = await read('keyvault', [
      vaultCall(30, 'SecretGet', 'secrets/oauth-crm/01', { by: 900, vault: 'kv-b' }),
      vaultCall(30, 'SecretList', 'secrets?api-version=7.6', { by: 3, vault: 'kv-b' }),
      vaultCall(30, 'SecretSet', 'secrets/crm/02', { by: 3, vault: 'kv-b' }),
      vaultCall(30, 'SecretGet', 'secrets/crm', { by: 3, vault: 'kv-b', status: 403 }),
    ]);
    expect(uses).toHaveLength(before.uses.length);
    expect(days.get('kv-b.vault.azure.net')).toHaveLength(1);
  });

  it('say what an application signed in to with which credential', async () => {
    const { uses } = await read('entra', [
      signIn(3 * hour, 1, { key: 101 }),
      signIn(20, 1, { key: 102, result: '7000222' }),
      signIn(10, 3),
    ]);
    expect(uses).toEqual([
      {
        object: guid(101),
        appId: guid(1),
        objectId: undefined,
        resource: 'Microsoft Graph',
        lastEpochMs: ago(3 * hour),
      },
    ]);
  });

  it('are tried by a query that a workspace takes, and that gives no row', async () => {
    await store.insertRows([vaultCall(30, 'SecretGet', 'secrets/crm/01', { by: 1 })]);
    const logs = localLogs(store, NOW);
    const valueAccess = { mayReadValue: async () => 'denied' as const };
    const tried = { ...configOf(), clients: [] };
    expect(await tryNeededRights(tried, { useLogs: logs, signInLogs: logs, valueAccess })).toMatchObject([
      { identity: 'scanner', readings: [{ failure: undefined }] },
      { identity: 'rotator', readings: [{ failure: undefined }] },
    ]);
    expect(await logs.run('AZKVAuditLogs | take 0', 'PT1H')).toMatchObject({ ok: true, rows: [] });
  });

  it('that a workspace does not have are named; a part of an answer, or one that cannot be read, is none', async () => {
    const saying = (answer: Awaited<ReturnType<LogsQuery['run']>>): LogsQuery => ({
      run: async () => answer,
    });
    const failure = {
      ok: false,
      code: 'table_absent',
      retryable: false,
      message: 'm',
      action: 'a',
    } as const;
    await expect(read('keyvault', [], saying({ ...failure, concernsAll: false }))).rejects.toThrow(
      'The workspace has no table AZKVAuditLogs. Let the logs be sent there',
    );
    await expect(
      read('keyvault', [vaultCall(30, 'SecretGet', 'another-form', { by: 3, vault: 'kv-d' })]),
    ).rejects.toThrow('AZKVAuditLogs has calls whose object cannot be read');
    const part = { ok: true, columns: [], rows: [], incomplete: 'Rows are missing' } as const;
    await expect(read('entra', [], saying(part))).rejects.toThrow('no whole answer: Rows are missing');
  });
});

import type { TableRow } from 'kql-on-duckdb';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { workbookQuery } from '../../scripts/workbookPanels.ts';
import { alertQuery } from '../../src/lib/alerts/alertRules.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { refused } from './crowd.ts';
import { NOW } from './scenario.ts';

const store = await telemetryStore();
beforeEach(() => store.clear());
afterAll(() => store.close());

/** The hosts of which the rule and the workbook say that they refuse. */
const refusing = async (rows: readonly TableRow[]) => {
  await store.insertRows(rows);
  const hostsOf = async (query: string) =>
    (await store.query(query, NOW)).rows.map((row) => String(row['Host']));
  return {
    rule: await hostsOf(alertQuery('dependencies-401-spike')),
    workbook: await hostsOf(workbookQuery('refused-calls')),
  };
};

it.each([
  ['Http', 'api.example.com'],
  ['HTTP', 'API.example.com:8443'],
  ['Http (tracked component)', 'api.example.com | cid-v1:4d6f0a3c'],
  ['Http (tracked component)', 'api.example.com:8443 | orders-api'],
  ['WCF Service', 'api.example.com'],
  ['Azure IoT Hub', 'api.example.com'],
  ['Http', 'https://api.example.com/v1/orders'],
])('a host that refuses calls is named, which a library writes as %s to %s', async (type, target) => {
  expect(await refusing(refused('AppDependencies', { DependencyType: type, Target: target }))).toEqual({
    rule: ['api.example.com'],
    workbook: ['api.example.com'],
  });
});

it('a host is named whose own name begins with http', async () => {
  const calls = refused('AppDependencies', { DependencyType: 'Http', Target: 'httpgateway.example.com' });
  expect(await refusing(calls)).toEqual({
    rule: ['httpgateway.example.com'],
    workbook: ['httpgateway.example.com'],
  });
});

it.each([
  ['by the address that was called', 'https://api.example.com:8443/v1/orders', 'api.example.com'],
  ['and not who calls it', 'https://orders:hunter2@api.example.com/v1?by=a@b', 'api.example.com'],
  ['as one that nobody knows', 'orders', '(no host)'],
])('a host that the call does not say is named %s', async (_, called, host) => {
  const calls = refused('AppDependencies', { DependencyType: 'Http', Target: '', Data: called });
  expect(await refusing(calls)).toEqual({ rule: [host], workbook: [host] });
});

it.each([
  'kv-a.vault.azure.net',
  'kv-a.vault.azure.cn',
  'kv-a.vault.usgovcloudapi.net:443',
  'hsm-a.managedhsm.azure.net',
  'hsm-a.managedhsm.azure.cn',
  'hsm-a.managedhsm.usgovcloudapi.net',
])('%s challenges its clients by a 401, and is not named', async (target) => {
  const calls = refused('AppDependencies', { DependencyType: 'Http', Target: target });
  expect(await refusing(calls)).toEqual({ rule: [], workbook: [] });
});

it.each([
  ['SQL', 'sql.example.com | orders'],
  ['Fetch', 'api.example.com'],
])('what is no call of an application over HTTP is not named: %s', async (type, target) => {
  expect(await refusing(refused('AppDependencies', { DependencyType: type, Target: target }))).toEqual({
    rule: [],
    workbook: [],
  });
});

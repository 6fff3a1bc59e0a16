import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alertQuery } from '../../src/local/kql/alertRules.ts';
import { type TelemetryStore, telemetryStore } from '../../src/local/kql/duckdb.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const HOUR_MS = 3_600_000;
const LIMIT = '"keyvault-scan", 150';

let store: TelemetryStore;
beforeAll(async () => {
  store = await telemetryStore();
});
beforeEach(() => store.clear());
afterAll(() => store.close());

const round = (name: 'requested' | 'completed', vault: string, hoursAgo: number) => ({
  table: 'AppEvents',
  values: {
    TimeGenerated: NOW - hoursAgo * HOUR_MS,
    Name: `keywatch.scan.${name}`,
    ItemCount: 1,
    Properties: { scanner: 'keyvault-scan', vault, mode: 'attention', outcome: 'complete' },
  },
});
const scan = (vault: string, hoursAgo: number) => [
  round('requested', vault, hoursAgo + 0.05),
  round('completed', vault, hoursAgo),
];

/** The vaults that scan-missed names where its list was given another limit. */
const silent = async (limitMinutes: number): Promise<unknown[]> => {
  const query = alertQuery('scan-missed').replace(LIMIT, `"keyvault-scan", ${limitMinutes}`);
  const { rows } = await store.query(query, NOW);
  return rows.filter(({ Scanner }) => Scanner === 'keyvault-scan').map(({ Vault }) => Vault);
};

describe('scan-missed, where the runbook was followed for another schedule', () => {
  it('has the limit in the form that this test changes', () => {
    expect(alertQuery('scan-missed')).toContain(LIMIT);
  });

  it.each([
    ['every six hours', 900, 7],
    ['once a day', 2160, 25],
    ['once a day, with the largest limit', 2880, 47],
  ])('is quiet between two scans: %s', async (_schedule, limitMinutes, hoursAgo) => {
    await store.insertRows(scan('kv-a', hoursAgo));
    expect(await silent(limitMinutes)).toEqual([]);
  });

  it.each([
    ['every six hours', 900, 16],
    ['once a day', 2160, 37],
    ['once a day, with the largest limit', 2880, 49],
    ['once a day, with a limit beyond what a rule can see', 3600, 49],
  ])('names the watcher that stopped: %s', async (_schedule, limitMinutes, hoursAgo) => {
    await store.insertRows(scan('kv-a', hoursAgo));
    expect(await silent(limitMinutes)).toEqual(['(all)']);
  });

  it('names a vault that yesterday’s scan left out', async () => {
    await store.insertRows([...scan('kv-a', 1), ...scan('kv-a', 25), ...scan('kv-b', 37.5)]);
    expect(await silent(2160)).toEqual(['kv-b']);
  });
});

import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { alertQuery } from '../../src/lib/alerts/alertRules.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { event } from './crowd.ts';
import { hour, NOW } from './scenario.ts';

const store = await telemetryStore();
beforeEach(() => store.clear());
afterAll(() => store.close());

const run = (name: 'requested' | 'completed', hoursAgo: number, properties: object) =>
  event(`run.${name}`, hoursAgo * hour, { mode: 'attention', outcome: 'complete', ...properties });
/** A vault is asked for by a timer that runs every so many hours, and scanned. */
const scan = (vault: string, hoursAgo: number, periodHours: number) => [
  run('requested', hoursAgo + 0.05, {
    job: 'keyvault-scan',
    vault,
    periodSeconds: `${periodHours * 3600}`,
  }),
  run('completed', hoursAgo, { job: 'keyvault-scan', vault }),
];

const silent = async (job = 'keyvault-scan'): Promise<unknown[]> => {
  const { rows } = await store.query(alertQuery('scan-missed'), NOW);
  return rows.filter(({ Job }) => Job === job).map(({ Vault }) => Vault);
};

describe('scan-missed, where the timers report another schedule than the default', () => {
  it.each([
    [1, 2.4],
    [6, 14.9],
    [24, 47],
    [48, 47],
  ])('is quiet between two scans: every %i hours, the last one %d hours ago', async (period, hoursAgo) => {
    await store.insertRows(scan('kv-a', hoursAgo, period));
    expect(await silent()).toEqual([]);
  });

  it.each([
    [0.1, 2.6],
    [1, 2.6],
    [6, 15.1],
    [24, 49],
    [48, 49],
  ])('names the job that stopped: every %d hours, the last one %d hours ago', async (period, hoursAgo) => {
    await store.insertRows(scan('kv-a', hoursAgo, period));
    expect(await silent()).toEqual(['(all)']);
  });

  it('names a vault that the last two scans left out', async () => {
    await store.insertRows([...scan('kv-a', 1, 6), ...scan('kv-a', 7, 6), ...scan('kv-b', 19, 6)]);
    expect(await silent()).toEqual(['kv-b']);
  });

  it('goes by the longest pause of a schedule that rests at night', async () => {
    await store.insertRows([...scan('kv-a', 28, 14), ...scan('kv-a', 20, 1)]);
    expect(await silent()).toEqual([]);
  });

  it('gives the refresh timer its own schedule', async () => {
    const beat = { job: 'token-refresh', mode: 'timer', periodSeconds: '3600' };
    await store.insertRows([run('completed', 2, beat)]);
    expect(await silent('token-refresh')).toEqual([]);
    await store.clear();
    await store.insertRows([run('completed', 2, { ...beat, periodSeconds: '600' })]);
    expect(await silent('token-refresh')).toEqual(['(all)']);
  });
});

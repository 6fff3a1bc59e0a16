import type { TableRow } from 'kql-on-duckdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { jobsQuery } from '../../scripts/jobsQuery.ts';
import { alertQuery, queryHead } from '../../src/lib/alerts/alertRules.ts';
import { CREDENTIAL_SOURCES } from '../../src/lib/credentials/sources.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { event } from './crowd.ts';
import { NOW } from './scenario.ts';

/** What a second source adds to the product, as far as an alert can tell: its row. */
const ROW = { job: 'registry-scan', discoveryJob: 'registry-search', discoverySubject: '(register)' };
Object.assign(CREDENTIAL_SOURCES, { registry: ROW });
const jobs = jobsQuery();
Reflect.deleteProperty(CREDENTIAL_SOURCES, 'registry');

const store = await telemetryStore();
beforeEach(() => store.clear());
afterAll(() => store.close());

/** The rows of a rule that is deployed with the second source, by two of their columns. */
const rowsOf = async (rule: string, first: string, second: string): Promise<string[]> => {
  const { rows } = await store.query(alertQuery(rule).replace(queryHead('jobs'), jobs), NOW);
  return rows.map((row) => `${row[first]} ${row[second]}`).sort();
};
const silent = () => rowsOf('scan-missed', 'Job', 'Vault');
const incomplete = () => rowsOf('scan-incomplete', 'Vault', 'Problem');

const run = (job: string, minutesAgo: number, more: object = {}) =>
  event('run.completed', minutesAgo, {
    ...{ job, mode: 'attention', outcome: 'complete', runId: `${job}-${minutesAgo}` },
    ...more,
  });
const timer = (job: string, minutesAgo: number, more: object = {}) =>
  run(job, minutesAgo, { mode: 'timer', ...more });
const asked = (vault: string, minutesAgo: number) =>
  event('run.requested', minutesAgo, {
    job: ROW.job,
    vault,
    mode: 'attention',
    runId: `asked-${minutesAgo}`,
  });

const timers = [timer('token-refresh', 5), timer('credential-proof', 5)];
const vaults = [...timers, timer('vault-discovery', 16), run('keyvault-scan', 15, { vault: 'kv-a' })];
const applications = (minutesAgo: number) => [
  timer(ROW.discoveryJob, minutesAgo + 1),
  asked('crm', minutesAgo + 1),
  run(ROW.job, minutesAgo, { vault: 'crm' }),
];
const forbidden = { outcome: 'failed', reason: 'forbidden', httpStatus: '403' };

const HEALTHY: readonly (readonly [string, readonly TableRow[]])[] = [
  ['both sources are scanned', [...vaults, ...applications(10)]],
  ['the second source is not in use', vaults],
  ['the second source alone is in use', [...timers, ...applications(10)]],
  ['the second source was in use until three days ago', [...vaults, ...applications(3 * 1440)]],
];

describe('the alert rules, of a second source that is a row of the table of sources', () => {
  it.each(HEALTHY)('are quiet where %s', async (_name, rows) => {
    await store.insertRows(rows);
    expect([await silent(), await incomplete()]).toEqual([[], []]);
  });

  it('name it where its scans stopped, and its searches with them', async () => {
    await store.insertRows([...vaults, ...applications(200)]);
    expect(await silent()).toEqual(['registry-scan (all)']);
  });

  it('name it where it is searched, and was never scanned', async () => {
    await store.insertRows([...vaults, timer(ROW.discoveryJob, 10)]);
    expect(await silent()).toEqual(['registry-scan (all)']);
  });

  it('name the scan of vaults where that stopped and the second source lives on', async () => {
    await store.insertRows([...timers, run('keyvault-scan', 200, { vault: 'kv-a' }), ...applications(10)]);
    expect(await silent()).toEqual(['keyvault-scan (all)']);
  });

  it('name one target of it that is asked for, and of which no run ends', async () => {
    const waits = [190, 130, 70, 10].map((minutesAgo) => asked('billing', minutesAgo));
    await store.insertRows([...vaults, ...applications(10), ...waits]);
    expect(await silent()).toEqual(['registry-scan billing']);
  });

  it('name a target that it left out only while its own search shows all of them', async () => {
    await store.insertRows([...vaults, ...applications(10), asked('gone', 200)]);
    await store.insertRows([run(ROW.job, 199, { vault: 'gone' })]);
    expect(await silent()).toEqual(['registry-scan gone']);
    await store.insertRows([timer(ROW.discoveryJob, 9, { outcome: 'failed', reason: 'timeout' })]);
    expect(await silent()).toEqual([]);
  });

  const refusing = [...vaults, ...applications(10), run(ROW.job, 5, { vault: 'hr', ...forbidden })];

  it('name a target that refuses the scanner', async () => {
    await store.insertRows(refusing);
    expect(await incomplete()).toEqual(['hr forbidden']);
  });

  // To bind the digest takes seconds.
  it('say so in the digest, too', { tags: ['exhaustive'] }, async () => {
    await store.insertRows(refusing);
    expect(await rowsOf('digest', 'Owner', 'Open')).toEqual([
      'Keywatch itself runs not done to their end: 1',
    ]);
  });

  it('keep its search apart from the search for vaults, which is well', async () => {
    await store.insertRows([...applications(10), timer(ROW.discoveryJob, 6, forbidden), ...vaults]);
    expect(await incomplete()).toEqual(['(register) forbidden']);
  });

  it('name a target that shows far fewer credentials', async () => {
    const counts = [100, 10].map((minutesAgo) =>
      run(ROW.job, minutesAgo, { vault: 'crm', objects: `${minutesAgo}` }),
    );
    await store.insertRows([...vaults, ...counts]);
    expect(await rowsOf('inventory-shrank', 'Vault', 'Missing')).toEqual(['crm 90']);
  });
});

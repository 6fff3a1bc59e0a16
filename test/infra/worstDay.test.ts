import fc from 'fast-check';
import type { Row, TableRow } from 'kql-on-duckdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { alertQuery, alertRules } from '../../src/lib/alerts/alertRules.ts';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { CROWDS } from './allScenarios.ts';
import { credential, fullScan } from './crowd.ts';
import { NOW } from './scenario.ts';

/** Over 300 the service fails the whole evaluation; Keywatch promises 200. */
const MOST = 200;
const MANY = 5000;

const store = await telemetryStore();
beforeEach(() => store.clear());
afterAll(() => store.close());

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** One vault as the last scan saw it: `count` credentials of one status, each ending a second after the one before. */
const scanned = (
  deployment: string,
  count: number,
  status: string,
  days: number,
  vault?: string,
): TableRow[] => [
  fullScan(deployment, vault),
  ...range(count).map((n) => credential(n, status, days, deployment, vault)),
];

const ask = async (rule: string): Promise<readonly Row[]> => (await store.query(alertQuery(rule), NOW)).rows;
const combinations = (rule: string, rows: readonly Row[]) => {
  const dimensions = alertRules.find(({ name }) => name === rule)?.dimensions ?? [];
  return new Set(rows.map((row) => JSON.stringify(dimensions.map((name) => row[name])))).size;
};

describe('5,000 credentials that end on one day', () => {
  it('are 200 alerts: the 199 that end first, and one for the rest with its nearest end', async () => {
    await store.insertRows(scanned('prod', MANY, 'critical', 0.5));
    const rows = await ask('credential-critical');
    expect(combinations('credential-critical', rows)).toBe(MOST);
    const named = rows.filter(({ CredentialId }) => /^kv-a\/secret\/prod-\d+$/.test(String(CredentialId)));
    expect(named).toHaveLength(MOST - 1);
    expect(new Set(named.map(({ CredentialId }) => CredentialId))).toEqual(
      new Set(range(MOST - 1).map((n) => `kv-a/secret/prod-${n}`)),
    );
    const [rest, ...others] = rows.filter((row) => !named.includes(row));
    expect(others).toEqual([]);
    expect(rest).toMatchObject({ CredentialId: 'and 4801 more', Owner: '(several)', Vault: '(several)' });
    expect(rest?.['ExpiresOn']).toBe(NOW + 0.5 * DAY_MS + (MOST - 1) * 1000);
  });

  it.each([
    [199, 199, 0],
    [200, 200, 0],
    [201, 199, 1],
  ])('%i have %i alerts of their own, and %i for the rest', async (count, own, rest) => {
    await store.insertRows(scanned('prod', count, 'expired', -2));
    const rows = await ask('credential-expired');
    const more = rows.filter(({ CredentialId }) => CredentialId === `and ${count - own} more`);
    expect([rows.length - more.length, more.length]).toEqual([own, rest]);
  });

  it.each([
    ['deployment', 'dev', 'kv-a'],
    ['vault', 'prod', 'kv-b'],
  ])('do not crowd out the three of another %s, nor do a thousand', async (_what, deployment, vault) => {
    await store.insertRows(scanned(deployment, 1000, 'critical', 0.1, vault));
    await store.insertRows(scanned('prod', 3, 'critical', 3));
    const rows = await ask('credential-critical');
    expect(combinations('credential-critical', rows)).toBe(MOST);
    const others = rows.filter(({ Deployment, Vault }) => Deployment === 'prod' && Vault === 'kv-a');
    expect(others).toHaveLength(3);
    expect(rows.filter(({ CredentialId }) => CredentialId === 'and 804 more')).toHaveLength(1);
  });

  it('are all accounted for, however many each of three deployments has, and each names its share', {
    tags: ['exhaustive'],
  }, async () => {
    const counts = fc.tuple(...['a', 'b', 'c'].map(() => fc.integer({ min: 0, max: 260 })));
    await fc.assert(
      fc.asyncProperty(counts, async (each) => {
        await store.clear();
        await store.insertRows(each.flatMap((count, n) => scanned(`d-${n}`, count, 'critical', 1 + n)));
        const rows = await ask('credential-critical');
        const named = each.map((_, n) => rows.filter((row) => row['Deployment'] === `d-${n}`).length);
        const more = rows.map((row) =>
          Number(/^and (\d+) more$/.exec(String(row['CredentialId']))?.[1] ?? 0),
        );
        const [total, rest] = [each, more].map((numbers) => numbers.reduce((sum, one) => sum + one, 0));
        expect(rows.length).toBeLessThanOrEqual(MOST);
        expect(named.reduce((sum, one) => sum + one, 0) + (rest ?? 0)).toBe(total);
        const share = Math.floor((MOST - 1) / each.length);
        each.forEach((count, n) => void expect(named[n]).toBeGreaterThanOrEqual(Math.min(count, share)));
      }),
      { seed: 6, numRuns: 12 },
    );
  });

  it('that only warn are as many, and one digest for each owner, never without what concerns Keywatch', async () => {
    await store.insertRows(scanned('prod', MANY, 'warning', 20));
    expect(combinations('credential-expiring', await ask('credential-expiring'))).toBe(MOST);
    const rows = await ask('digest');
    expect(combinations('digest', rows)).toBe(MOST);
    expect(rows.filter(({ Owner }) => Owner === 'and 4802 more')).toHaveLength(1);
    expect(rows).toContainEqual(
      expect.objectContaining({ Owner: 'Keywatch itself', Open: 'jobs or vaults silent: 2' }),
    );
  });
});

describe('300 of anything', () => {
  it.each(CROWDS)('are 200 alerts of %s, of which the last stands for the rest', async (rule, crowd) => {
    if (crowd === undefined) throw new Error('its scenarios.ts exports no crowd');
    await store.insertRows(range(300).flatMap(crowd));
    const rows = await ask(rule);
    expect(combinations(rule, rows)).toBe(MOST);
    // Refresh and proof timer are silent as well, and of that Keywatch itself has a digest.
    const more = ['scan-missed', 'digest'].includes(rule) ? /and 10[123] more/ : /and 101 more/;
    expect(rows.filter((row) => more.test(JSON.stringify(row)))).toHaveLength(1);
  });
});

import type { Row } from 'kql-on-duckdb';
import { afterAll, describe, expect, it } from 'vitest';
import { workbookQuery } from '../../scripts/workbookPanels.ts';
import { alertQuery } from '../../src/lib/alerts/alertRules.ts';
import { fromNow } from '../../src/lib/kernel/humanTime.ts';
import { HOUR_MS } from '../../src/lib/kernel/time.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';

// Not at midnight, nor at noon: whoever counts midnights must be seen to.
const NOW = Date.parse('2026-11-22T17:20:00Z');

const BEFORE = [
  [0.1, 0],
  [11.9, 0],
  [12.1, 0],
  [36.1, 1],
  [47.9, 1],
  [48, 2],
  [71.9, 2],
  [240.5, 10],
] as const;
const AFTER = [
  [0.1, 0],
  [12.1, 0],
  [47.9, 1],
  [71.9, 2],
] as const;

const event = (name: string, properties: object) => ({
  table: 'AppEvents',
  values: {
    ...{ TimeGenerated: NOW - 60_000, Name: `keywatch.${name}`, ItemCount: 1 },
    Properties: { deployment: 'd', vault: 'kv-a', runId: 's', mode: 'full', ...properties },
  },
});
/** A credential that ends so many hours from now, as the last inventory saw it, with an owner of its own. */
const ends = (hours: number) =>
  event('credential.observed', {
    ...{ credentialId: `kv-a/secret/${hours}`, kind: 'secret', owner: `${hours}`, status: 'critical' },
    expiresOn: new Date(NOW + hours * HOUR_MS).toISOString(),
  });

const store = await telemetryStore();
await store.insertRows([
  event('run.completed', { job: 'keyvault-scan', outcome: 'complete' }),
  ...BEFORE.map(([hours]) => ends(hours)),
  ...AFTER.map(([hours]) => ends(-hours)),
]);
afterAll(() => store.close());

/** What a query says of every owner, asked once. */
const answers = new Map<string, Promise<readonly Row[]>>();
const rowOf = async (kql: string, hours: number) => {
  const answer = answers.get(kql) ?? store.query(kql, NOW).then(({ rows }) => rows);
  answers.set(kql, answer);
  return (await answer).find(({ Owner }) => Owner === `${hours}`);
};
const inventory = workbookQuery('inventory').replaceAll(/\{\w+:escapejson\}/g, '*');

describe('a day is 24 hours, and only whole ones count, in alert, digest, workbook and table alike', () => {
  it.each(BEFORE)('%d hours before the end: %i', async (hours, days) => {
    expect((await rowOf(alertQuery('credential-critical'), hours))?.['DaysLeft']).toBe(days);
    const digest = await rowOf(alertQuery('digest'), hours);
    expect(digest?.['Nearest']).toMatch(new RegExp(`, days left: ${days}$`));
    expect((await rowOf(inventory, hours))?.['Days']).toBe(days);
    if (days >= 2) expect(fromNow(NOW + hours * HOUR_MS, NOW)).toBe(`in ${days} days`);
  });

  it.each(AFTER)('%d hours after it: %i', async (hours, days) => {
    expect((await rowOf(alertQuery('credential-expired'), -hours))?.['DaysAgo']).toBe(days);
    expect(Math.abs(Number((await rowOf(inventory, -hours))?.['Days']))).toBe(days);
    if (days >= 2) expect(fromNow(NOW - hours * HOUR_MS, NOW)).toBe(`${days} days ago`);
  });
});

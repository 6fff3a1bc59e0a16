import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { workbookQuery } from '../../scripts/workbookPanels.ts';
import { alertQuery } from '../../src/lib/alerts/alertRules.ts';
import { fromNow } from '../../src/lib/kernel/humanTime.ts';
import { HOUR_MS } from '../../src/lib/kernel/time.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';

// Not at midnight, nor at noon: whoever counts midnights must be seen to.
const NOW = Date.parse('2026-11-22T17:20:00Z');

const store = await telemetryStore();
beforeEach(() => store.clear());
afterAll(() => store.close());

/** A credential that ends so many hours from now, as the last inventory saw it. */
const ends = async (hours: number) => {
  const event = (name: string, properties: object) => ({
    table: 'AppEvents',
    values: {
      ...{ TimeGenerated: NOW - 60_000, Name: `keywatch.${name}`, ItemCount: 1 },
      Properties: { deployment: 'd', vault: 'kv-a', runId: 's', mode: 'full', ...properties },
    },
  });
  await store.insertRows([
    event('run.completed', { job: 'keyvault-scan', outcome: 'complete' }),
    event('credential.observed', {
      ...{ credentialId: 'kv-a/secret/crm', kind: 'secret', owner: 'crm', status: 'critical' },
      expiresOn: new Date(NOW + hours * HOUR_MS).toISOString(),
    }),
  ]);
};
/** The refresh timer is silent here, which the digest repeats in a row of its own. */
const rowOf = async (kql: string) =>
  (await store.query(kql, NOW)).rows.find(({ Owner }) => Owner !== 'Keywatch itself');
const inventory = workbookQuery('inventory').replaceAll(/\{\w+:escapejson\}/g, '*');

describe('a day is 24 hours, and only whole ones count, in alert, digest, workbook and table alike', () => {
  it.each([
    [0.1, 0],
    [11.9, 0],
    [12.1, 0],
    [36.1, 1],
    [47.9, 1],
    [48, 2],
    [71.9, 2],
    [240.5, 10],
  ])('%d hours before the end: %i', async (hours, days) => {
    await ends(hours);
    expect((await rowOf(alertQuery('credential-critical')))?.['DaysLeft']).toBe(days);
    expect((await rowOf(alertQuery('digest')))?.['Nearest']).toMatch(new RegExp(`, days left: ${days}$`));
    expect((await rowOf(inventory))?.['Days']).toBe(days);
    if (days >= 2) expect(fromNow(NOW + hours * HOUR_MS, NOW)).toBe(`in ${days} days`);
  });

  it.each([
    [0.1, 0],
    [12.1, 0],
    [47.9, 1],
    [71.9, 2],
  ])('%d hours after it: %i', async (hours, days) => {
    await ends(-hours);
    expect((await rowOf(alertQuery('credential-expired')))?.['DaysAgo']).toBe(days);
    expect(Math.abs(Number((await rowOf(inventory))?.['Days']))).toBe(days);
    if (days >= 2) expect(fromNow(NOW - hours * HOUR_MS, NOW)).toBe(`${days} days ago`);
  });
});

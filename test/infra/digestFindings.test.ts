import { afterAll, expect, it } from 'vitest';
import { alertQuery } from '../../src/lib/alerts/alertRules.ts';
import { FINDING_CODES } from '../../src/lib/credentials/findings.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { startEmitting } from './emitter.ts';
import { NOW } from './scenario.ts';

const store = await telemetryStore();
const { emit, take, close } = startEmitting();
afterAll(async () => {
  await close();
  await store.close();
});

/** Counted by the digest under words of their own. */
const COUNTED_APART = ['no_expiry', 'ended_long_ago'] as const;

it('the digest repeats to its owner every finding of the catalog, whatever other rules say of it', async () => {
  // The SDK starts with the first fact.
  emit.run('token-refresh', 0);
  emit.scan('kv-a', 120, {
    mode: 'full',
    sees: FINDING_CODES.map((finding) => ({ name: finding, status: 'valid', days: 90, finding })),
  });
  await store.insertEnvelopes(await take());
  const { rows } = await store.query(alertQuery('digest'), NOW);
  const repeated = FINDING_CODES.filter((code) => !COUNTED_APART.some((apart) => apart === code));
  expect(rows.filter(({ Owner }) => Owner === 'team-crm')).toMatchObject([
    {
      Open: `without an end: 1, findings: ${repeated.length}`,
      Faults: expect.arrayContaining(repeated.map((code) => `${code}: kv-a/secret/${code}`)),
    },
  ]);
});

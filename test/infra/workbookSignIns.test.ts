import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbookQuery } from '../../scripts/workbookPanels.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { guid, signIn } from './crowd.ts';
import { startEmitting } from './emitter.ts';
import { day, hour, inDays, NOW } from './scenario.ts';

const { emit, take, close } = startEmitting();
const store = await telemetryStore();
afterAll(async () => {
  store.close();
  await close();
});

const run = async (name: string) =>
  (await store.query(workbookQuery(name).replaceAll(/\{\w+:escapejson\}/g, '*'), NOW)).rows;

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
    await store.insertEnvelopes(await take());
    await store.insertRows([
      signIn(70 * day, 1, { key: 1 }),
      signIn(2 * hour, 1, { key: 2 }),
      ...[90, 60].map((minutesAgo) => signIn(minutesAgo, 9, { result: '7000215' })),
    ]);
  });

  it('entra-refusals names who is refused, an application that Keywatch does not know, too', async () => {
    const [refused, ...others] = await run('entra-refusals');
    expect(refused).toMatchObject({ Application: 'app-9', Outcome: 'credential_wrong', Refusals: 2 });
    expect(others).toEqual([]);
  });

  it('unused-secrets shows what nobody used for 30 days, and nothing that is younger', async () => {
    const [unused, ...others] = await run('unused-secrets');
    expect(unused).toMatchObject({
      ...{ CredentialId: 'entra/app_secret/orders/1', UnusedForDays: 70, Owner: 'team-orders' },
    });
    expect(others).toEqual([]);
  });
});

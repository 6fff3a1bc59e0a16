import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbookQuery } from '../../scripts/workbookPanels.ts';
import { CALLER_REFUSALS, type CallerRefusal } from '../../src/lib/credentials/callerRefusals.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { CAPTURED_DEPLOYMENT, startCapturedTelemetry } from '../fakes/captureTelemetry.ts';
import { NOW } from './scenario.ts';

let at = NOW;
const clock = { nowEpochMs: () => at, monotonicMs: () => 0, sleep: () => Promise.resolve() };
const { telemetry, take } = startCapturedTelemetry({ clock });
const store = await telemetryStore();
afterAll(async () => {
  await store.close();
  await telemetry.close(5_000);
});

const [CRM, ROLE, tenantId] = ['grant/crm', 'Keywatch.Token.crm', 'tenant'];
const go = (minutesAgo: number) => {
  at = NOW - minutesAgo * 60_000;
};
const handedOut = (minutesAgo: number, objectId: string, handOuts: number) => {
  go(minutesAgo);
  const token = { credentialId: CRM, source: 'hit', seq: 1 } as const;
  telemetry.event('keywatch.token.handed_out', { ...token, handOuts, tenantId, objectId });
};
const reported = (minutesAgo: number, objectId: string) => {
  go(minutesAgo);
  telemetry.event('keywatch.token.reported', { credentialId: CRM, seq: 1, tenantId, objectId });
};
const refused = (minutesAgo: number, reason: CallerRefusal, objectId?: string) => {
  go(minutesAgo);
  const { action } = CALLER_REFUSALS[reason];
  telemetry.event('keywatch.caller.refused', {
    ...{ reason, function: 'grantToken', role: ROLE, objectId, action },
  });
};

const run = async (name: string, deployment = '*') => {
  const query = workbookQuery(name).replaceAll('{Deployment:escapejson}', deployment);
  return (await store.query(query, NOW)).rows;
};

describe('the workbook, over the callers of Keywatch', () => {
  beforeAll(async () => {
    handedOut(50, 'invoicing', 1);
    handedOut(49, 'invoicing', 40);
    reported(48, 'invoicing');
    handedOut(20, 'bookings', 3);
    refused(40, 'role_missing', 'bookings');
    for (const minutesAgo of [30, 20]) refused(minutesAgo, 'expired');
    await store.insertEnvelopes(await take());
  });

  it('grant-callers counts the tokens of each grant by who got them, and those reported as refused', async () => {
    expect(await run('grant-callers')).toMatchObject([
      { CredentialId: CRM, CallerObjectId: 'invoicing', Tokens: 41, ReportedRefused: 1 },
      { CredentialId: CRM, CallerObjectId: 'bookings', Tokens: 3, ReportedRefused: 0 },
    ]);
  });

  it('refused-callers says why, which role is missing where that is why, and what to do', async () => {
    const { action } = CALLER_REFUSALS.expired;
    expect(await run('refused-callers')).toMatchObject([
      { Reason: 'expired', LacksRole: '', CallerObjectId: '', Refused: 2, Action: action },
      { Reason: 'role_missing', LacksRole: ROLE, CallerObjectId: 'bookings', Refused: 1 },
    ]);
  });

  it.each(['grant-callers', 'refused-callers'])('%s shows the chosen deployment alone', async (name) => {
    expect(await run(name, CAPTURED_DEPLOYMENT)).toEqual(await run(name));
    expect(await run(name, 'another')).toEqual([]);
  });
});

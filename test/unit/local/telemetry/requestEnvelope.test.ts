import { expect, it } from 'vitest';
import { alertRules } from '../../../../src/lib/alerts/alertRules.ts';
import { evaluateAlerts } from '../../../../src/lib/alerts/evaluateAlerts.ts';
import type { Invocation } from '../../../../src/local/functionsHost/invoker.ts';
import { envelopeToRows } from '../../../../src/local/telemetry/envelopeToRow.ts';
import { requestEnvelope } from '../../../../src/local/telemetry/requestEnvelope.ts';
import { telemetryStore } from '../../../../src/local/telemetry/telemetryStore.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const answered = (statusCode: number, more: Partial<Invocation> = {}): Invocation => ({
  functionName: 'token',
  invocationId: '6a1f9ff3-7a0c-4b0f-9e6f-6f2f7f8f3c10',
  startedEpochMs: NOW,
  durationMs: 90_061_500,
  traceParent: `00-${TRACE}-00f067aa0ba902b7-01`,
  http: { method: 'POST', url: 'http://127.0.0.1:7071/api/grants/crm/token?code=spent' },
  outcome: { ok: true, returnValue: { http: { statusCode: String(statusCode) } } },
  ...more,
});

it('is the row that the host writes: a refused request succeeded, its query is gone, its operation is joined', () => {
  expect(envelopeToRows(requestEnvelope(answered(401)))).toMatchObject([
    {
      table: 'AppRequests',
      values: {
        ...{ TimeGenerated: NOW, AppRoleName: 'keywatch', OperationId: TRACE, OperationName: 'token' },
        ...{
          Id: '00f067aa0ba902b7',
          Name: 'token',
          ResultCode: '401',
          Success: true,
          DurationMs: 90_061_500,
        },
        Url: 'http://127.0.0.1:7071/api/grants/crm/token',
      },
    },
  ]);
});

it('says 500 where an HTTP function failed, and 0 where no HTTP function was asked', () => {
  const outcome = { ok: false, error: new Error('out of order') } as const;
  const codes = [answered(200, { outcome }), answered(200, { outcome, http: undefined })].map(
    (invocation) => requestEnvelope(invocation).data.baseData,
  );
  expect(codes).toMatchObject([
    { responseCode: '500', success: false },
    { responseCode: '0', success: false },
  ]);
  expect(codes[1]).not.toHaveProperty('url');
});

it('lets the rule about refused requests fire', async () => {
  const store = await telemetryStore();
  const many = (n: number, status: number, minutesAgo: number) =>
    Array.from({ length: n }, () =>
      requestEnvelope(answered(status, { startedEpochMs: NOW - minutesAgo * 60_000 })),
    );
  await store.insertEnvelopes([...many(40, 200, 300), ...many(12, 401, 5)]);
  const rules = alertRules.filter(({ name }) => name === 'requests-401-spike');
  expect(await evaluateAlerts(store, NOW, rules)).toMatchObject([
    { alerts: [{ AppRoleName: 'keywatch', OperationName: 'token' }] },
  ]);
  await store.close();
});

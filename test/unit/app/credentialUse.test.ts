import { describe, expect, it } from 'vitest';
import { credentialUse } from '../../../src/lib/app/credentialUse.ts';
import type { LogsAnswer, LogsFailureReason } from '../../../src/lib/azure/ports.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';

const APP = '22222222-2222-4222-8222-222222222222';
const KEY = '33333333-3333-4333-8333-333333333333';

const lastUses = async (answer: LogsAnswer, appId = APP) => {
  const asked: string[] = [];
  const logs = {
    run: async (kql: string, timespan: string) => {
      asked.push(kql, timespan);
      return answer;
    },
  };
  const use = await credentialUse(logs).lastUses(appId, 7, new AbortController().signal);
  return { use, asked };
};
const rows = (...all: readonly Record<string, unknown>[]) => ({ ok: true as const, columns: [], rows: all });
const refusal = (code: LogsFailureReason): LogsAnswer => ({
  ...permanentFailure({ code, message: 'it may not', action: 'Let it.' }),
  concernsAll: true,
});
const nobodyKnows = { ok: true, lastUses: undefined };

describe('who still uses which secret, by the sign-in logs', () => {
  it('is asked once of the whole application, for as long as an old secret is kept', async () => {
    const { use, asked } = await lastUses(
      rows({ KeyId: KEY, LastUse: 17e11 }, { KeyId: '', LastUse: 18e11 }),
    );
    expect(use).toMatchObject({ ok: true, lastUses: expect.any(Map) });
    expect(use.ok && use.lastUses?.get(KEY)).toBe(17e11);
    expect(asked).toEqual([expect.stringContaining(`AppId =~ "${APP}"`), 'P7D']);
  });

  it('nobody can say where the workspace shows no sign-in of it, or has no such table', async () => {
    expect((await lastUses(rows())).use).toEqual(nobodyKnows);
    expect((await lastUses(refusal('table_absent'))).use).toEqual(nobodyKnows);
  });

  it('is not asked of what is no GUID', async () => {
    expect(await lastUses(rows({}), '" or true //')).toEqual({ use: nobodyKnows, asked: [] });
  });

  it('is not known where the workspace refuses, or gives a part only', async () => {
    expect((await lastUses(refusal('forbidden'))).use).toMatchObject({
      ...{ ok: false, code: 'sign_in_logs_forbidden', retryable: false, action: 'Let it.' },
      message: expect.stringContaining(APP),
    });
    // The table is there, and its plan takes no such query.
    expect((await lastUses(refusal('invalid_query'))).use).toMatchObject({ ok: false });
    const part = { ...rows({ KeyId: KEY, LastUse: 17e11 }), incomplete: 'Rows are missing' };
    expect((await lastUses(part)).use).toMatchObject({
      ok: false,
      code: 'sign_in_logs_partial',
      retryable: true,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { credentialUse } from '../../../src/lib/app/credentialUse.ts';
import type { LogsAnswer } from '../../../src/lib/azure/ports.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';

const lastUse = async (answer: LogsAnswer) => {
  const asked: string[] = [];
  const use = credentialUse({
    run: async (kql, timespan) => {
      asked.push(kql, timespan);
      return answer;
    },
  });
  return { use: await use.lastUse('app-1', 'key-1', 7), asked };
};
const rows = (...all: readonly Record<string, unknown>[]): LogsAnswer => ({
  ok: true,
  columns: [],
  rows: all,
});

describe('who used a secret, by the sign-in logs', () => {
  it('is asked of that application and that secret, for as long as it is kept', async () => {
    const { use, asked } = await lastUse(rows({ SignIns: 9, LastUse: 1_700_000_000_000 }));
    expect(use).toEqual({ ok: true, used: { epochMs: 1_700_000_000_000 } });
    expect(asked[0]).toContain('AppId =~ "app-1"');
    expect(asked[0]).toContain('ServicePrincipalCredentialKeyId =~ "key-1"');
    expect(asked[1]).toBe('P7D');
  });

  it('is never where others of that application were, and unknown where none was: logs that are not sent say nothing', async () => {
    expect((await lastUse(rows({ SignIns: 9, LastUse: null }))).use).toEqual({ ok: true, used: 'never' });
    expect((await lastUse(rows({ SignIns: 0, LastUse: null }))).use).toEqual({ ok: true, used: 'unknown' });
    expect((await lastUse(rows())).use).toEqual({ ok: true, used: 'unknown' });
  });

  it('is not known where the workspace does not answer', async () => {
    const failure: LogsAnswer = {
      ...permanentFailure({ code: 'forbidden', message: 'It may not.', action: 'Let it.' }),
      concernsAll: true,
    };
    expect((await lastUse(failure)).use).toBe(failure);
  });
});

import { expect, it } from 'vitest';
import { ledgerOfThisRun } from '../../../src/local/ledgerOfThisRun.ts';
import { fakeRoundLedger } from '../../fakes/fakeRoundLedger.ts';

it('the ledger of local mode forgets what was told in an earlier run, and keeps what this one tells', async () => {
  const kept = fakeRoundLedger({ 'kv-a': 1_000, 'kv-b': 5_000 });
  const ledger = ledgerOfThisRun(kept, 5_000);
  expect(await ledger.record('kv-c', 6_000)).toEqual({ ok: true });
  expect(await ledger.read()).toEqual({
    ok: true,
    doneEpochMs: new Map([
      ['kv-b', 5_000],
      ['kv-c', 6_000],
    ]),
  });
  kept.down = true;
  expect(await ledger.read()).toMatchObject({ ok: false, code: 'unavailable' });
});

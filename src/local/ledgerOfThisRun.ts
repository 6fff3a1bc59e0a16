import type { RoundLedger } from '../lib/scan/ports/roundLedger.ts';

/**
 * A ledger that knows nothing from before `startedEpochMs`: the telemetry of local mode begins anew with
 * each start, so what was told in an earlier run is to be told again.
 */
export const ledgerOfThisRun = (ledger: RoundLedger, startedEpochMs: number): RoundLedger => ({
  ...ledger,
  async read() {
    const reading = await ledger.read();
    if (!reading.ok) return reading;
    const ofThisRun = [...reading.doneEpochMs].filter(([, atEpochMs]) => atEpochMs >= startedEpochMs);
    return { ok: true, doneEpochMs: new Map(ofThisRun) };
  },
});

import { stateRecorder } from '../../src/lib/board/stateRecorder.ts';
import type { Assessment } from '../../src/lib/scan/rules/credential.ts';
import { scanTally } from '../../src/lib/scan/rules/vaultScan.ts';
import type { TargetScan } from '../../src/lib/scan/scanTarget.ts';
import { createRedactor } from '../../src/lib/telemetry/redact.ts';
import { fakePieceStore } from './fakePieceStore.ts';
import { manualClock } from './manualClock.ts';
import { NOW_EPOCH_MS, VAULT_URL } from './metadata.ts';
import { recordingTelemetry } from './recordingTelemetry.ts';

/** What keeps the state of the board, over a store in memory. */
export const boardState = () => {
  const clock = manualClock(NOW_EPOCH_MS);
  const store = fakePieceStore();
  const reported = recordingTelemetry();
  const redactor = createRedactor();
  const { telemetry, scans } = stateRecorder({ store, clock, redactor, telemetry: reported });
  /** A scan that sees these, and ends so. */
  const scan = async (seen: Iterable<Assessment>, ended: Partial<TargetScan> = {}): Promise<void> => {
    const request = { source: 'keyvault', target: VAULT_URL, runId: 'run', mode: 'full', ...ended } as const;
    const record = scans.begin(request);
    const tally = scanTally();
    for (const one of seen) {
      tally.add(one);
      await record.see(one);
    }
    await record.end({
      ...request,
      vault: 'kv-front-desk',
      outcome: 'complete',
      failure: undefined,
      counts: tally.counts(),
      pages: 1,
      durationMs: 1,
      clockSkewMs: undefined,
      ...ended,
    });
  };
  return { clock, store, reported, redactor, telemetry, scan };
};

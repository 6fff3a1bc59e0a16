import { historyPiecesOf, readHistory } from '../../src/lib/board/rules/history.ts';
import { stateRecorder } from '../../src/lib/board/stateRecorder.ts';
import type { Assessment } from '../../src/lib/scan/rules/credential.ts';
import { scanTally } from '../../src/lib/scan/rules/vaultScan.ts';
import type { TargetScan } from '../../src/lib/scan/scanTarget.ts';
import { createRedactor } from '../../src/lib/telemetry/redact.ts';
import { type FakePieceStore, fakePieceStore } from './fakePieceStore.ts';
import { manualClock } from './manualClock.ts';
import { NOW_EPOCH_MS, targetScan, VAULT_URL } from './metadata.ts';
import { recordingTelemetry } from './recordingTelemetry.ts';

/** What the history says of a subject, the newest first. */
export const historyOf = ({ lines }: FakePieceStore, id: string): readonly string[] =>
  historyPiecesOf(id, NOW_EPOCH_MS)
    .flatMap((name) => readHistory(lines.get(name) ?? '', id))
    .map(({ what }) => what);

/** What keeps the state of the board, over a store in memory. */
export const boardState = () => {
  const clock = manualClock(NOW_EPOCH_MS);
  const store = fakePieceStore();
  const reported = recordingTelemetry();
  const redactor = createRedactor();
  const { telemetry, scans } = stateRecorder({ store, clock, redactor, telemetry: reported });
  /** A scan that has seen these, to be ended by calling what it gives. */
  const begin = async (seen: Iterable<Assessment>, ended: Partial<TargetScan> = {}) => {
    const request = { source: 'keyvault', target: VAULT_URL, runId: 'run', mode: 'full', ...ended } as const;
    const record = scans.begin(request);
    const tally = scanTally();
    for (const one of seen) {
      tally.add(one);
      await record.see(one);
    }
    return (): Promise<void> => record.end(targetScan({ ...request, counts: tally.counts(), ...ended }));
  };
  const scan = async (seen: Iterable<Assessment>, ended: Partial<TargetScan> = {}): Promise<void> => {
    const end = await begin(seen, ended);
    await end();
  };
  return { clock, store, reported, redactor, telemetry, begin, scan };
};

import { isInventoryDue } from '../domain/vaultScan.ts';
import type { Clock } from '../ports/clock.ts';
import type { RoundLedger } from '../ports/roundLedger.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { tellStoreFailure } from './tellStoreFailure.ts';

export interface DailyInventoryPorts {
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Pick<Telemetry, 'exception' | 'flush'>;
  /** Absent where no blob service is named: then the timer's own last tick decides. */
  readonly ledger: RoundLedger | undefined;
}

/** Once a day everything is told, not only what needs attention: of each subject, and until it is done. */
export interface DailyInventory {
  /**
   * Which subjects have everything to be told now: those for which `wasTold` has not been said since
   * the daily hour. @param lastTickEpochMs decides for all of them where the ledger cannot be read
   */
  whatIsDue(lastTickEpochMs: number | undefined): Promise<(subject: string) => boolean>;
  /** To be said when all of a subject was told: it is noted once telemetry has left. */
  wasTold(subject: string): Promise<void>;
}

const FLUSH_TIMEOUT_MS = 30_000;

export const dailyInventory = (
  { clock, telemetry, ledger }: DailyInventoryPorts,
  hourUtc: number,
): DailyInventory => ({
  async whatIsDue(lastTickEpochMs) {
    const nowEpochMs = clock.nowEpochMs();
    const reading = await ledger?.read();
    if (reading?.ok) {
      const { doneEpochMs } = reading;
      return (subject) => isInventoryDue(doneEpochMs.get(subject), nowEpochMs, hourUtc);
    }
    if (reading !== undefined) tellStoreFailure(telemetry, reading, ACTION);
    const isDue = isInventoryDue(lastTickEpochMs, nowEpochMs, hourUtc);
    return () => isDue;
  },
  async wasTold(subject) {
    if (ledger === undefined) return;
    const { finished } = await telemetry.flush(FLUSH_TIMEOUT_MS);
    if (!finished) return;
    const written = await ledger.record(subject, clock.nowEpochMs());
    if (!written.ok) tellStoreFailure(telemetry, written, ACTION);
  },
});

const ACTION =
  "Give Keywatch's refresher identity its role on the control container again. Until then the daily inventory goes by the timer alone, and may come twice or be left out for a day.";

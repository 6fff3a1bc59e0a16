import type { Clock } from '../kernel/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { tellStoreFailure } from '../telemetry/tellStoreFailure.ts';
import type { RoundLedger } from './ports/roundLedger.ts';
import { isInventoryDue, mayTryInventory } from './rules/vaultScan.ts';

export interface DailyInventoryPorts {
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Pick<Telemetry, 'exception' | 'flush'>;
  /** Absent where no blob service is named: then the timer's own last tick decides. */
  readonly ledger: RoundLedger | undefined;
}

/** How much of a subject was told. */
export type Told = 'all' | 'some' | 'nothing';

/** Once a day everything is told, not only what needs attention: of each subject, and until it is done. */
export interface DailyInventory {
  /**
   * Which subjects have everything to be told now: those of which not all was told since the daily hour.
   * What broke off is left alone for some hours: half an inventory costs as much as a whole one.
   * @param lastTickEpochMs decides for all of them where the ledger cannot be read
   */
  whatIsDue(lastTickEpochMs: number | undefined): Promise<(subject: string) => boolean>;
  /**
   * To be asked before all of a subject is told. What it gives is to be called when that has ended: it
   * waits until telemetry has left, and notes what came of it. What was refused on its way is not told.
   */
  startTelling(subject: string): Promise<(told: Told) => Promise<void>>;
}

const FLUSH_TIMEOUT_MS = 30_000;

/** In the ledger beside the subject itself; no subject ends so. */
const brokenOff = (subject: string): string => `${subject}#broken-off`;

export const dailyInventory = (
  { clock, telemetry, ledger }: DailyInventoryPorts,
  hourUtc: number,
): DailyInventory => ({
  async whatIsDue(lastTickEpochMs) {
    const nowEpochMs = clock.nowEpochMs();
    const reading = await ledger?.read();
    if (reading?.ok) {
      const { doneEpochMs } = reading;
      return (subject) =>
        isInventoryDue(doneEpochMs.get(subject), nowEpochMs, hourUtc) &&
        mayTryInventory(doneEpochMs.get(brokenOff(subject)), nowEpochMs);
    }
    if (reading !== undefined) tellStoreFailure(telemetry, reading, ACTION);
    const isDue = isInventoryDue(lastTickEpochMs, nowEpochMs, hourUtc);
    return () => isDue;
  },
  async startTelling(subject) {
    if (ledger === undefined) return async () => undefined;
    const { undeliveredBatches: lostBefore } = await telemetry.flush(0);
    return async (told) => {
      if (told === 'nothing') return;
      const { finished, undeliveredBatches } = await telemetry.flush(FLUSH_TIMEOUT_MS);
      const isWhole = told === 'all' && finished && undeliveredBatches === lostBefore;
      const written = await ledger.record(isWhole ? subject : brokenOff(subject), clock.nowEpochMs());
      if (!written.ok) tellStoreFailure(telemetry, written, ACTION);
    };
  },
});

const ACTION =
  "Give Keywatch's refresher identity its role on the control container again. Until then the daily inventory goes by the timer alone, and may come twice or be left out for a day.";

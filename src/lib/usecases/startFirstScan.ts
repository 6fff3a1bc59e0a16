import type { ScanRequest } from '../domain/scanRequest.ts';
import type { Clock } from '../ports/clock.ts';
import type { RoundLedger } from '../ports/roundLedger.ts';
import type { ScanDispatch } from '../ports/scanDispatch.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { tellStoreFailure } from './tellStoreFailure.ts';

export interface FirstScanPorts {
  readonly ledger: RoundLedger;
  readonly dispatch: ScanDispatch;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Pick<Telemetry, 'exception'>;
  readonly startScan: () => Promise<readonly ScanRequest[]>;
}

const SUBJECT = 'first-scan';

const ACTION =
  "Give Keywatch's refresher identity its roles on the storage account again. The scan timer comes once an hour all the same.";

/**
 * Asks for a scan of everything when there never was one, so that nobody waits an hour for the timer of a
 * fresh deployment. Two instances that start at once may both do it: that is harmless. Nothing is noted
 * unless every request is queued, so the next instance tries again.
 * @returns how many vaults are scanned for it: none when there was a first scan before, or nobody knows
 */
export const startFirstScan = async (ports: FirstScanPorts): Promise<number> => {
  const { ledger, dispatch, clock, telemetry, startScan } = ports;
  const reading = await ledger.read();
  if (!reading.ok) tellStoreFailure(telemetry, reading, ACTION);
  if (!reading.ok || reading.doneEpochMs.has(SUBJECT)) return 0;
  const requests = await startScan();
  const answers = await Promise.all(requests.map((request) => dispatch.send(request)));
  const failures = answers.filter((answer) => !answer.ok);
  for (const failure of failures) tellStoreFailure(telemetry, failure, ACTION);
  if (requests.length > 0 && failures.length === 0) await ledger.record(SUBJECT, clock.nowEpochMs());
  return requests.length - failures.length;
};

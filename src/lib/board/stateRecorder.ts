import type { Clock } from '../kernel/clock.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import { HOUR_MS } from '../kernel/time.ts';
import { within } from '../kernel/within.ts';
import type { ScanRecorder } from '../scan/ports.ts';
import type { Redactor } from '../telemetry/redact.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { PieceStore } from './ports.ts';
import { recordEvents } from './recordEvents.ts';
import { recordScan, type StatePorts } from './recordScan.ts';
import { historyPieces } from './rules/history.ts';

export interface StateRecorderOptions {
  readonly store: PieceStore;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly redactor: Pick<Redactor, 'redactAttributes'>;
  readonly telemetry: Telemetry;
}

export interface StateRecorder {
  /** For all who report: what they report is kept on its way, and written when it is sent. */
  readonly telemetry: Telemetry;
  readonly scans: ScanRecorder;
}

/** How long the end of a scan waits for its state to be kept. */
const MOST_WAITED_MS = 60_000;

/**
 * Keeps the state that the board shows, beside telemetry and by the same facts. Best effort: nothing of it rejects,
 * and no scan, refresh or proof fails by it; what is not kept shows as old. A store that fails is reported once an hour.
 */
export const stateRecorder = ({ store, clock, redactor, telemetry }: StateRecorderOptions): StateRecorder => {
  let saidEpochMs = Number.NEGATIVE_INFINITY;
  const failed = (failure: StoreFailure): void => {
    if (clock.nowEpochMs() - saidEpochMs < HOUR_MS) return;
    saidEpochMs = clock.nowEpochMs();
    telemetry.failure(failure);
  };
  const ports: StatePorts = {
    ...{ store, clock, failed },
    // Whoever reads a page may see what whoever reads an alert may.
    cleaned: redactor.redactAttributes,
    async addHistory(lines) {
      const answers = await Promise.all(
        [...historyPieces(lines)].map(([name, text]) => store.append(name, text)),
      );
      const failure = answers.find((answer) => !answer.ok);
      if (failure?.ok === false) failed(failure);
    },
  };
  const events = recordEvents(ports);
  return {
    telemetry: {
      ...telemetry,
      event(name, attributes) {
        telemetry.event(name, attributes);
        events.event(name, attributes);
      },
      async flush(timeoutMs) {
        const [outcome] = await Promise.all([telemetry.flush(timeoutMs), within(timeoutMs, events.flush())]);
        return outcome;
      },
    },
    scans: {
      begin(request) {
        const record = recordScan(ports, request);
        return {
          see: record.see,
          end: async (scan) => void (await within(MOST_WAITED_MS, record.end(scan))),
        };
      },
    },
  };
};

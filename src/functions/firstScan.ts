import { app } from '@azure/functions';
import { openedConnections } from '../lib/app/app.ts';
import { scanner } from '../lib/app/scanner.ts';

/** The host waits for this hook before its first invocation, and gives an instance half a minute to start. */
const MOST_WAITED_MS = 8_000;
const FLUSH_TIMEOUT_MS = 2_000;

/** Scans at once where there never was a scan: who has just deployed looks for a result now, not after the next full hour. */
export const firstScan = async (): Promise<void> => {
  try {
    await (await scanner()).startFirstRun(MOST_WAITED_MS);
  } catch {
    // A faulty configuration: every invocation rejects with it, and the health check says so.
    return;
  }
  await openedConnections()?.telemetry.flush(FLUSH_TIMEOUT_MS);
};

app.hook.appStart(firstScan);

import { app } from '@azure/functions';
import { scanner } from '../lib/app/scanner.ts';

/** How long an invocation waits for it at most; what takes longer goes on beside the next. */
const MOST_WAITED_MS = 8_000;

let checked: Promise<void> | undefined;

/**
 * Scans at once where there never was a scan: who has just deployed looks for a result now, not after the next full
 * hour. Asked once in each instance.
 */
export const firstScan = (): Promise<void> => {
  checked ??= checkFirstScan();
  return checked;
};

const checkFirstScan = async (): Promise<void> => {
  try {
    await (await scanner()).startFirstRun(MOST_WAITED_MS);
  } catch {
    // A faulty configuration: the invocation rejects with it, and the next one asks again.
    checked = undefined;
  }
};

// Beside the first invocation, and not when the app starts: until that is answered nothing else can begin.
app.hook.preInvocation(() => void firstScan());
app.hook.postInvocation(firstScan);

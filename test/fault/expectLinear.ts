import { expect } from 'vitest';

const SHORT = 10_000;
const LONG = 16 * SHORT;
/** Below this nothing can be said of a ratio, and nobody is held up. */
const HARMLESS_MS = 150;
const LONGEST_MS = 3_000;
/** Who needs less for the shortest text holds nobody up with the longest, even if the time grows with its square. */
const QUICK_MS = HARMLESS_MS / (LONG / SHORT) ** 2;

/** Of the processor: what else the machine does slows nobody down. A few tries, as long as it is not `enoughMs`. */
const fastestMs = (read: (text: string) => unknown, text: string, enoughMs: number): number => {
  let fastest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5 && fastest >= enoughMs; turn++) {
    const start = process.cpuUsage();
    read(text);
    const { user, system } = process.cpuUsage(start);
    fastest = Math.min(fastest, (user + system) / 1_000);
    if (fastest > LONGEST_MS) break;
  }
  return fastest;
};

/** That a text of this prefix and many times this unit is read in a time that grows with its length. */
export const expectLinear = (read: (text: string) => unknown, prefix: string, unit: string): void => {
  const msOf = (length: number, enoughMs: number): number => {
    const text = `${prefix}${unit.repeat(Math.ceil(length / unit.length)).slice(0, length)}\u0001`;
    const ms = fastestMs(read, text, enoughMs);
    // A quadratic one is known long before it holds up the suite.
    if (ms >= enoughMs) expect(ms, `${JSON.stringify(prefix + unit)} × ${length}`).toBeLessThan(LONGEST_MS);
    return ms;
  };
  if (msOf(SHORT, QUICK_MS) < QUICK_MS) return;
  const shorterMs = msOf(LONG / 4, HARMLESS_MS);
  const ms = msOf(LONG, HARMLESS_MS);
  if (ms >= HARMLESS_MS)
    expect(ms / Math.max(shorterMs, 0.01), `${JSON.stringify(prefix + unit)}: ${ms} ms`).toBeLessThan(8);
};

import type { Clock } from '../kernel/clock.ts';

/** So many at once, and then so many a second: of one caller at one grant, in one process. */
export const AT_ONCE = 600;
export const A_SECOND = 10;

/** Past so many, those who have not asked for long are forgotten: they would have their full number again. */
const MOST_KNOWN = 10_000;

interface Allowance {
  left: number;
  atMs: number;
}

/**
 * Counts what one caller takes.
 * @returns seconds to wait; 0: go on
 */
export const callerRates = ({ monotonicMs }: Pick<Clock, 'monotonicMs'>): ((key: string) => number) => {
  const known = new Map<string, Allowance>();
  const nowLeft = ({ left, atMs }: Allowance, nowMs: number): number =>
    Math.min(AT_ONCE, left + ((nowMs - atMs) / 1000) * A_SECOND);
  return (key) => {
    const nowMs = monotonicMs();
    if (known.size > MOST_KNOWN)
      for (const [id, allowance] of known) if (nowLeft(allowance, nowMs) >= AT_ONCE) known.delete(id);
    const left = nowLeft(known.get(key) ?? { left: AT_ONCE, atMs: nowMs }, nowMs);
    known.set(key, { left: left < 1 ? left : left - 1, atMs: nowMs });
    return left < 1 ? (1 - left) / A_SECOND : 0;
  };
};

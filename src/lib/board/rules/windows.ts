import { NO_QUERY } from './query.ts';
import type { Part } from './records.ts';

/** A state of at most so many credentials is sorted and searched as a whole for each page. */
export const MOST_AS_A_WHOLE = 50_000;
/** Of a larger one a page has so many. */
export const MOST_IN_WINDOW = 10_000;

export const countOf = (parts: readonly Part[]): number => parts.reduce((sum, { count }) => sum + count, 0);

/** Parts in windows of so many credentials at most, but one part at least; the urgent ones first. */
export const windowsOf = (parts: readonly Part[], most: number): readonly (readonly Part[])[] => {
  const windows: Part[][] = [[]];
  let room = most;
  for (const part of parts.toSorted((one, other) => one.urgency - other.urgency)) {
    if (part.count > room && windows.at(-1)?.length !== 0) {
      windows.push([]);
      room = most;
    }
    windows.at(-1)?.push(part);
    room -= part.count;
  }
  return windows;
};

/** What a page looks at: a window, and for a search whatever lies behind it. */
export interface Look {
  /** From 1, the last at most. */
  readonly window: number;
  readonly windows: number;
  readonly parts: readonly Part[];
  /** The other parts, the urgent ones first; empty where a state is looked at as a whole. */
  readonly others: readonly Part[];
}

export const lookOf = (parts: readonly Part[], wanted: number = NO_QUERY.window): Look => {
  const isSmall = countOf(parts) <= MOST_AS_A_WHOLE;
  const windows = windowsOf(parts, isSmall ? MOST_AS_A_WHOLE : MOST_IN_WINDOW);
  const window = Math.min(wanted, windows.length);
  const others = windows.filter((_, index) => index !== window - 1).flat();
  return { window, windows: windows.length, parts: windows[window - 1] ?? [], others };
};

import { isInstant } from './instant.ts';

/** The SDK leaves an instant of 0 as the number it was, and gives an invalid `Date` for rubbish. */
export const epochMsOf = (instant: Date | null | undefined): number | undefined => {
  if (instant === undefined || instant === null) return undefined;
  const epochMs = instant.valueOf();
  return isInstant(epochMs) ? epochMs : undefined;
};

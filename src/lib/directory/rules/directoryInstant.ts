import { isInstant } from '../../kernel/instant.ts';

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
/** No directory of Entra ID is that old: what lies before is the zero of some clock, the year 1 for one. */
const EARLIEST_EPOCH_MS = Date.UTC(2000, 0, 1);

/** A `Edm.DateTimeOffset` of an answer; `undefined` for what is absent, unreadable or no time of this directory. */
export const directoryInstant = (value: unknown): number | undefined => {
  if (typeof value !== 'string' || !ISO.test(value)) return undefined;
  const epochMs = Date.parse(value);
  return isInstant(epochMs) && epochMs >= EARLIEST_EPOCH_MS ? epochMs : undefined;
};

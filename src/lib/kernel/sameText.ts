import { timingSafeEqual } from 'node:crypto';

/** Whether two texts are the same, in a time that does not say where they differ. Their lengths are no secret. */
export const isSameText = (given: string, wanted: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
};

import { createHash } from 'node:crypto';

/** The checksum of a control record. Finds accidents and edits by hand; it is no signature. */
export const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

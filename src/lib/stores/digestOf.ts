import { createHash } from 'node:crypto';

/** Of a control record: finds accidents and edits by hand, and is no signature. Of a secret that was made by chance: tells it from another. */
export const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

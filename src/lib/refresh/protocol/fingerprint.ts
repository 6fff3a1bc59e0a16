import { createHmac } from 'node:crypto';

/**
 * Reports whether two tokens are equal without keeping either: a keyed digest, cut to 128 bits. The salt
 * is the control record's own, so equal tokens of two grants do not look equal.
 */
export const fingerprintOf = (salt: string, token: string): string =>
  createHmac('sha256', salt).update(token).digest('hex').slice(0, 32);

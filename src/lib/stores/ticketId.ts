import { createHash } from 'node:crypto';

/** The id of a ticket: the SHA-256 of its handle in hex. A handle is random, so nothing is guessed from its hash. */
export const ticketIdOf = (handle: string): string => createHash('sha256').update(handle).digest('hex');

import { hash } from 'node:crypto';

/**
 * The first 128 bits of the SHA-256 of a text, in hex. Of a record it finds accidents and edits by hand, and is no
 * signature; of a secret that was made by chance it tells it from another; and it names what is kept by its content.
 */
export const digestOf = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);

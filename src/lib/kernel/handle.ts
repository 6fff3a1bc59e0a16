import { randomBytes } from 'node:crypto';

/** A text of 256 random bits that nobody guesses, of letters, digits, `-` and `_`. */
export const newHandle = (): string => randomBytes(32).toString('base64url');

/** Whether a text can be one that {@link newHandle} made. */
export const isHandle = (text: string | undefined): text is string =>
  text !== undefined && /^[\w-]{43}$/.test(text);

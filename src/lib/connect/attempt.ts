import { createHash } from 'node:crypto';

/** How long a person may take; servers end their own page sooner. */
export const CONSENT_MS = 10 * 60_000;

/** SHA-256 as base64url. @see RFC 7636 §4.2 */
export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** By which an ID token is known as that of the same request. Of the verifier, so that nobody has to keep it. */
export const nonceOf = (verifier: string): string => digest(`nonce ${verifier}`);

/** Finds what came of a request, for whoever sends it again: of the text by which it was good once. */
export const resultHandleOf = (handle: string): string => digest(`result ${handle}`);

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a person may take; servers end their own page sooner. */
export const CONSENT_MS = 10 * 60_000;

/** 256 bits that nobody can guess. */
export const randomText = (): string => randomBytes(32).toString('base64url');

const bytesOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** SHA-256 as base64url. */
export const digest = (text: string): string => bytesOf(text).toString('base64url');

/** Whether two texts are one. Digests have one length, and tell nothing by the time that comparing them takes. */
export const isSameText = (one: string, other: string): boolean =>
  timingSafeEqual(bytesOf(one), bytesOf(other));

/** By which an ID token is known as that of the same request. Of the verifier, so that nobody has to keep it. */
export const nonceOf = (verifier: string): string => digest(`nonce ${verifier}`);

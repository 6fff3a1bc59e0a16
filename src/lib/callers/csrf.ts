import { createHmac } from 'node:crypto';
import { isSameText } from '../kernel/sameText.ts';

/** The hidden field of every form that changes something. */
export const CSRF_FIELD = 'csrf';

/**
 * What a form of a session carries: only pages of ours can have it, and it is good for that session alone.
 * @param handle of the session; it does not follow from the token
 */
export const csrfTokenOf = (handle: string): string =>
  createHmac('sha256', handle).update('a form of this session').digest('base64url');

/** Whether a form came from a page that this session was given. */
export const isCsrfToken = (handle: string, given: string): boolean => isSameText(given, csrfTokenOf(handle));

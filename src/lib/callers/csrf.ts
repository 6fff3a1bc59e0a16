import { createHmac } from 'node:crypto';
import { isSameText } from '../kernel/sameText.ts';
import { readCookie } from '../web/cookies.ts';
import { type Html, html } from '../web/html.ts';
import { SESSION_COOKIE } from './sessions.ts';

const FIELD = 'csrf';

/**
 * What a form of a session carries: only pages of ours can have it, and it is good for that session alone.
 * @param handle of the session; it does not follow from the token
 */
export const csrfTokenOf = (handle: string): string =>
  createHmac('sha256', handle).update('a form of this session').digest('base64url');

/**
 * The hidden field of every form that changes something; nothing for whoever has no session.
 * @param cookies the header `Cookie` of the request for the page
 */
export const csrfField = (cookies: string | null | undefined): Html | undefined => {
  const handle = readCookie(cookies, SESSION_COOKIE);
  return handle === undefined
    ? undefined
    : html`<input type="hidden" name="${FIELD}" value="${csrfTokenOf(handle)}">`;
};

/** Whether a form came from a page that this session was given. @param cookies the header `Cookie` that came with it */
export const isOwnForm = (
  cookies: string | null | undefined,
  form: Pick<URLSearchParams, 'get'>,
): boolean => {
  const handle = readCookie(cookies, SESSION_COOKIE);
  return handle !== undefined && isSameText(form.get(FIELD) ?? '', csrfTokenOf(handle));
};

import { CALLER_REFUSALS, type CallerRefusal } from '../credentials/callerRefusals.ts';
import type { HostCookie } from '../web/cookies.ts';
import { type Html, html } from '../web/html.ts';
import { type PageAnswer, pageAnswer } from '../web/page.ts';
import { CSRF_FIELD, csrfTokenOf } from './csrf.ts';
import { HOME, signInPathTo } from './rules/returnPath.ts';
import type { SignInRefusal } from './rules/signInRefusals.ts';

const signInLink = (to = HOME): Html => html`<p><a class="button" href="${signInPathTo(to)}">Sign in</a></p>`;

/** Ends the session of this handle, by a click. */
export const signOutForm = (handle: string): Html => html`<form method="post" action="/api/sign-out">
<input type="hidden" name="${CSRF_FIELD}" value="${csrfTokenOf(handle)}"><button>Sign out</button></form>`;

/** What whoever is turned away gets to see in a browser. @param handle of their session; absent: they have none */
export const turnedAwayPage = (reason: CallerRefusal, handle: string | undefined): PageAnswer => {
  const { status, meaning, action } = CALLER_REFUSALS[reason];
  const main = html`<h1>You may not see this</h1><p>Because ${meaning}.</p><p>${action}</p>`;
  return pageAnswer({ title: 'Turned away', main, header: handle && signOutForm(handle) }, status);
};

/** Says why somebody is not signed in. @param to where they wanted to be, a path of ours; absent: not known */
export const refusalPage = ({ code, httpStatus, message, action }: SignInRefusal, to?: string): PageAnswer =>
  pageAnswer(
    {
      title: 'Not signed in',
      main: html`<h1>You are not signed in</h1>
<p>${message}</p>
<p>${action}</p>
${code !== 'sign_in_not_configured' && signInLink(to)}`,
    },
    httpStatus,
  );

/** Says that a session is over, and what is not. */
export const signedOutPage = (cookies: HostCookie[]): PageAnswer =>
  pageAnswer(
    {
      title: 'Signed out',
      main: html`<h1>You are signed out of Keywatch</h1>
<p>This browser may still be signed in at the identity provider; on a machine that others use, sign out there too.</p>
${signInLink()}`,
    },
    200,
    cookies,
  );

/** Says that a session goes on, although its end was asked for. */
export const stillSignedInPage = (): PageAnswer =>
  pageAnswer(
    {
      title: 'Still signed in',
      main: html`<h1>You are still signed in</h1>
<p>Keywatch cannot end the session just now; it ends by itself after an hour without use. Go back and sign out again.</p>`,
    },
    503,
  );

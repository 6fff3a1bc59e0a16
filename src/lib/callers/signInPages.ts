import { CALLER_REFUSALS, type CallerRefusal } from '../credentials/callerRefusals.ts';
import type { HostCookie } from '../web/cookies.ts';
import { type Html, html } from '../web/html.ts';
import { type PageAnswer, pageAnswer } from '../web/page.ts';
import { pathOf } from '../web/rules/routes.ts';
import { csrfField } from './csrf.ts';
import { HOME, signInPathTo } from './rules/returnPath.ts';
import { RECONNECT } from './rules/roles.ts';
import type { SignInRefusal } from './rules/signInRefusals.ts';

const signInLink = (to = HOME): Html => html`<p><a class="button" href="${signInPathTo(to)}">Sign in</a></p>`;

/** Ends a session by a click; nothing for whoever has none. @param cookies the header `Cookie` */
export const signOutForm = (cookies: string | null | undefined): Html | undefined => {
  const csrf = csrfField(cookies);
  return (
    csrf && html`<form method="post" action="${pathOf('signOut')}">${csrf}<button>Sign out</button></form>`
  );
};

export interface TurnedAway {
  /** That it needs, and who has not got it; absent: it is not about a role. */
  readonly role?: string | undefined;
  readonly objectId?: string | undefined;
  /** The header `Cookie` of those who are signed in. */
  readonly cookies?: string | null | undefined;
  /** A path of ours where they come from, to go on from there once they signed in; absent: they are signed in. */
  readonly to?: string | undefined;
}

/** What whoever is turned away gets to see in a browser. */
export const turnedAwayPage = (
  reason: CallerRefusal,
  { cookies, role, objectId, to }: TurnedAway,
): PageAnswer => {
  const { status, meaning, action } = CALLER_REFUSALS[reason];
  const [heading, signIn] =
    to === undefined
      ? [status === 503 ? 'Not just now' : 'You may not do this']
      : ['You are signed out, and nothing was done', signInLink(to)];
  const main = html`<h1>${heading}</h1><p>Because ${meaning}.</p><p>${action}</p>
${role !== undefined && objectId !== undefined && html`<p>The role is <code>${role}</code>; your object id is <code>${objectId}</code>.</p>`}${role === RECONNECT && html`<p><a href="${HOME}">The board</a></p>`}${signIn}`;
  return pageAnswer({ title: 'Turned away', main, header: signOutForm(cookies) }, status);
};

/** What whoever sends a form gets that no page of their session has. @param cookies the header `Cookie` */
export const foreignFormPage = (cookies: string | null | undefined): PageAnswer =>
  turnedAwayPage('other_site', { cookies });

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

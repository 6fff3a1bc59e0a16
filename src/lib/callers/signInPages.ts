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
  const heading = status === 503 ? 'Not just now' : 'You may not do this';
  const why =
    role === undefined || objectId === undefined
      ? html`<p>Because ${meaning}.</p><p>${action}</p>`
      : html`<p>Because it needs the role <code>${role}</code>, which you do not have.</p>
<p>Ask whoever administers Keywatch: they assign you the app role, or name your object id <code>${objectId}</code> in the config file (docs/callers.md).</p>`;
  const main =
    to === undefined
      ? html`<h1>${heading}</h1>${why}${role === RECONNECT && html`<p><a href="${HOME}">The board</a></p>`}`
      : html`<h1>You are signed out, and nothing was done</h1>
<p>This browser has no session of Keywatch, or its session has ended. Sign in, and do it again.</p>
${signInLink(to)}`;
  return pageAnswer({ title: 'Turned away', main, header: signOutForm(cookies) }, status);
};

/**
 * What whoever sends a form gets that their present session was not given.
 * @param cookies the header `Cookie`
 * @param to the page that has that form
 */
export const foreignFormPage = (cookies: string | null | undefined, to = HOME): PageAnswer =>
  pageAnswer(
    {
      title: 'Nothing was done',
      main: html`<h1>Nothing was done</h1>
<p>The page that you sent is not one of your present session: it is older than your last sign-in, or another site made it.</p>
<p><a class="button" href="${to}">Load it anew</a></p>`,
      header: signOutForm(cookies),
    },
    403,
  );

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

import { createHash } from 'node:crypto';
import type { Failure } from '../kernel/failure.ts';
import { isHandle, newHandle } from '../kernel/handle.ts';
import { isSameText } from '../kernel/sameText.ts';
import { ticketIdOf } from '../stores/ticketId.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { endedCookie, hostCookie, readCookie } from '../web/cookies.ts';
import { type PageAnswer, redirectAnswer } from '../web/page.ts';
import { isOwnForm } from './csrf.ts';
import type { CodeRedeemer, IdentityProvider } from './ports.ts';
import { authorizationAddressOf } from './rules/authorizationAddress.ts';
import { HOME, holdsCode, returnPathOf } from './rules/returnPath.ts';
import { type SignInRefusal, signInRefusal } from './rules/signInRefusals.ts';
import { readSignInTicket, SIGN_IN_MS, type SignInTicket } from './rules/signInTickets.ts';
import { openPath, sealPath } from './sealedPath.ts';
import { SESSION_COOKIE, type SessionKeeper, type SessionPorts } from './sessions.ts';
import { foreignFormPage, refusalPage, signedOutPage, stillSignedInPage } from './signInPages.ts';

/** Binds a sign-in to the browser that began it. One for all that are under way: two tabs may sign in at once. */
export const SIGN_IN_COOKIE = '__Host-keywatch-sign-in';

const LONGEST_ADDRESS = 8 * 1024;

/** What a sign-in knows of a request. */
export interface BrowserRequest {
  readonly url: string;
  readonly headers: Pick<Headers, 'get'>;
}

export interface SignIn {
  /** Sends the browser to the identity provider; `to` of the query says where it wants to be afterwards. */
  begin(request: BrowserRequest): Promise<PageAnswer>;
  /** Takes what the browser brings back, once, and sends it where it wanted to be, with a session. */
  complete(request: BrowserRequest): Promise<PageAnswer>;
  /** Ends the session of a browser, where a form of that session asks for it. */
  end(request: BrowserRequest, form: URLSearchParams): Promise<PageAnswer>;
}

export interface SignInPorts extends SessionPorts {
  readonly sessions: SessionKeeper;
  readonly codes: CodeRedeemer;
  readonly provider: Pick<IdentityProvider, 'authorizationEndpoint'>;
  readonly telemetry: Pick<Telemetry, 'failure'>;
}

export interface SignInSettings {
  readonly clientId: string;
  /** As registered, to the letter. */
  readonly redirectUri: string;
}

const cookieOf = ({ headers }: BrowserRequest, name: `__Host-${string}`): string | undefined =>
  readCookie(headers.get('cookie'), name);

/** Of a deployment where nobody can. */
export const signInNowhere: SignIn = {
  begin: async () => refusalPage(signInRefusal('sign_in_not_configured')),
  complete: async () => refusalPage(signInRefusal('sign_in_not_configured')),
  end: async () => signedOutPage([]),
};

/** @see docs/callers.md */
export const createSignIn = (
  { clientId, redirectUri }: SignInSettings,
  { tickets, clock, sessions, codes, provider, telemetry }: SignInPorts,
): SignIn => {
  const refuse = (refusal: SignInRefusal, to?: string): PageAnswer => {
    if (refusal.isReported) telemetry.failure(refusal);
    return refusalPage(refusal, to);
  };
  const notKept = (failure: Failure, to?: string): PageAnswer => {
    telemetry.failure(failure);
    return refuse(signInRefusal('sign_in_not_kept'), to);
  };
  const faultOf = (ticket: SignInTicket | undefined, browser: string) => {
    if (ticket === undefined) return signInRefusal('sign_in_unknown');
    if (!isSameText(ticketIdOf(browser), ticket.browser)) return signInRefusal('sign_in_other_browser');
    return clock.nowEpochMs() > ticket.notAfterEpochMs ? signInRefusal('sign_in_expired') : undefined;
  };

  return {
    async begin(request) {
      if (request.url.length > LONGEST_ADDRESS) return refuse(signInRefusal('sign_in_malformed'));
      const known = cookieOf(request, SIGN_IN_COOKIE);
      const browser = isHandle(known) ? known : newHandle();
      const [state, nonce, verifier] = [newHandle(), newHandle(), newHandle()];
      const to = returnPathOf(new URL(request.url).searchParams.get('to'));
      const ticket: SignInTicket = {
        kind: 'sign_in',
        ...{ browser: ticketIdOf(browser), verifier, nonce },
        ...(holdsCode(to) ? { to: HOME, sealedTo: sealPath(to, { browser, state }) } : { to }),
        notAfterEpochMs: clock.nowEpochMs() + SIGN_IN_MS,
      };
      const kept = await tickets.put(ticketIdOf(state), JSON.stringify(ticket));
      if (!kept.ok) return notKept(kept, to);
      const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
      const asked = { clientId, redirectUri, state, nonce, codeChallenge };
      return redirectAnswer(authorizationAddressOf(provider.authorizationEndpoint, asked), [
        hostCookie(SIGN_IN_COOKIE, browser, SIGN_IN_MS / 1000),
      ]);
    },

    async complete(request) {
      if (request.url.length > LONGEST_ADDRESS) return refuse(signInRefusal('sign_in_malformed'));
      const query = new URL(request.url).searchParams;
      const [state, ...more] = query.getAll('state');
      if (!isHandle(state) || more.length > 0) return refuse(signInRefusal('sign_in_malformed'));
      // Taken before anything is judged: of two answers with one `state` the second finds nothing.
      const taken = await tickets.take(ticketIdOf(state));
      if (!taken.ok) return notKept(taken);
      const ticket = taken.body === undefined ? undefined : readSignInTicket(taken.body);
      const browser = cookieOf(request, SIGN_IN_COOKIE) ?? '';
      const fault = faultOf(ticket, browser);
      if (ticket === undefined || fault !== undefined)
        return refuse(fault ?? signInRefusal('sign_in_unknown'), ticket?.to);
      const { nonce, verifier, sealedTo } = ticket;
      const to = (sealedTo && openPath(sealedTo, { browser, state })) || ticket.to;
      const who = await codes.redeem({ query, state, nonce, verifier, redirectUri });
      if (!who.ok) return refuse(who, to);
      const begun = await sessions.begin(who);
      if (!begun.ok) return notKept(begun, to);
      // A handle that was there before may be somebody else's, too.
      const former = cookieOf(request, SESSION_COOKIE);
      if (former !== undefined) await sessions.end(former);
      return redirectAnswer(to, [hostCookie(SESSION_COOKIE, begun.handle)]);
    },

    async end(request, form) {
      const handle = cookieOf(request, SESSION_COOKIE);
      if (handle === undefined) return signedOutPage([]);
      const cookies = request.headers.get('cookie');
      if (!isOwnForm(cookies, form)) return foreignFormPage(cookies);
      const ended = await sessions.end(handle);
      if (ended.ok) return signedOutPage([endedCookie(SESSION_COOKIE), endedCookie(SIGN_IN_COOKIE)]);
      // The cookie stays, by which it can be tried again.
      telemetry.failure(ended);
      return stillSignedInPage();
    },
  };
};

import { CALLER_REFUSALS, type CallerRefusal } from '../credentials/callerRefusals.ts';
import { printable } from '../kernel/printable.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { readCookie } from '../web/cookies.ts';
import { type PageAnswer, redirectAnswer } from '../web/page.ts';
import { type BearerPorts, identifyBearer } from './identifyBearer.ts';
import type { Sessions } from './ports.ts';
import { type RefusalAnswer, refusalAnswer } from './refusalAnswer.ts';
import type { Caller } from './rules/caller.ts';
import { HOME, signInPathTo } from './rules/returnPath.ts';
import { type CallersSettings, hasRole } from './rules/roles.ts';
import type { CallerReading } from './rules/tokenClaims.ts';
import { SESSION_COOKIE } from './sessions.ts';
import type { SignInPorts } from './signIn.ts';
import { turnedAwayPage } from './signInPages.ts';

/** The part of a request by which its caller is known. No forwarded header is, nor any that a gateway may have set. */
export interface CallerRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: { get(name: string): string | null };
}

export interface Wanted {
  readonly functionName: string;
  /** App role that it needs; absent: none, whoever is known may. */
  readonly role: string | undefined;
}

export type Admission =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly reason: CallerRefusal; readonly answer: RefusalAnswer | PageAnswer };

/** Who is calling, and whether they may. */
export interface Callers {
  /**
   * Lets in who is known and has the role. Who comes with a browser and no session is sent to sign in; whoever is
   * turned away is reported.
   */
  admit(request: CallerRequest, wanted: Wanted): Promise<Admission>;
}

export interface CallersPorts {
  readonly bearer: BearerPorts;
  /** These two are absent together where nobody can sign in with a browser: no blob service is named. */
  readonly sessions: Sessions | undefined;
  readonly signIn: SignInPorts | undefined;
}

export interface CallersOptions {
  /** Who may call, and with `ports` what it takes to know them; absent: nobody may. */
  readonly settings: CallersSettings | undefined;
  /** Origin of this app, for the forms of its own pages. */
  readonly publicUrl: string | undefined;
  readonly ports: Pick<CallersPorts, 'bearer' | 'sessions'> | undefined;
  readonly telemetry: Pick<Telemetry, 'event' | 'failure'>;
}

/** Whether a person reads the answer: a browser goes to an address or sends a form, and proves nothing by a token. */
const isNavigation = ({ headers }: CallerRequest): boolean =>
  headers.get('authorization') === null &&
  (headers.get('sec-fetch-mode') ?? 'navigate') === 'navigate' &&
  (headers.get('accept') ?? '').includes('text/html');

const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
};

/** One with the longest id of a grant has 78 characters. */
const LONGEST_ROLE = 100;

const isSignedOut = (reason: CallerRefusal): boolean => reason === 'nobody' || reason === 'session_ended';

export const createCallers = ({ settings, publicUrl, ports, telemetry }: CallersOptions): Callers => {
  const identify = async ({ method, headers }: CallerRequest): Promise<CallerReading> => {
    if (settings === undefined || ports === undefined) return { ok: false, reason: 'not_configured' };
    const authorization = headers.get('authorization');
    if (authorization !== null) return identifyBearer(authorization, settings, ports.bearer);
    const handle = readCookie(headers.get('cookie'), SESSION_COOKIE);
    if (handle === undefined || ports.sessions === undefined) return { ok: false, reason: 'nobody' };
    const read = await ports.sessions.read(handle);
    if (!read.ok) {
      telemetry.failure(read);
      return { ok: false, reason: 'sessions_unavailable' };
    }
    const { caller } = read;
    // Of a tenant that the config named before.
    if (caller?.tenantId !== settings.tenantId) return { ok: false, reason: 'session_ended' };
    // A browser sends the cookie along with whatever any page makes it send.
    const isOurs = headers.get('sec-fetch-site') === 'same-origin' && headers.get('origin') === publicUrl;
    if (method !== 'GET' && !isOurs) return { ok: false, reason: 'other_site' };
    return { ok: true, caller };
  };

  const ownPathOf = (address: string): string =>
    address.startsWith(`${publicUrl}/`) ? pathOf(address) : HOME;

  return {
    async admit(request, { functionName, role }) {
      const identified = await identify(request);
      const canSignIn = publicUrl !== undefined && ports?.sessions !== undefined;
      const isOfPerson = canSignIn && isNavigation(request);
      const refuse = (reason: CallerRefusal, caller?: Caller): Admission => {
        if (isOfPerson && request.method === 'GET' && isSignedOut(reason)) {
          const address = `${publicUrl}${signInPathTo(pathOf(request.url))}`;
          return { ok: false, reason, answer: redirectAnswer(address) };
        }
        const { tenantId, objectId, clientId } = caller ?? {};
        const { action } = CALLER_REFUSALS[reason];
        // A part of the address may stand in it.
        const lacks = caller && role && printable(role, LONGEST_ROLE);
        telemetry.event('keywatch.caller.refused', {
          ...{ reason, function: functionName, role: lacks, tenantId, objectId, clientId, action },
        });
        const answer = refusalAnswer(reason);
        if (!isOfPerson) return { ok: false, reason, answer };
        const page = turnedAwayPage(
          reason,
          isSignedOut(reason)
            ? { to: ownPathOf(request.headers.get('referer') ?? '') }
            : { cookies: request.headers.get('cookie'), role, objectId },
        );
        return { ok: false, reason, answer: { ...page, headers: { ...answer.headers, ...page.headers } } };
      };
      if (!identified.ok) return refuse(identified.reason);
      const { caller } = identified;
      if (role === undefined || (settings && hasRole(caller, role, settings))) return { ok: true, caller };
      return refuse('role_missing', caller);
    },
  };
};

import { csrfField, isOwnForm } from '../callers/csrf.ts';
import { foreignFormPage } from '../callers/signInPages.ts';
import { hostCookie, readCookie } from '../web/cookies.ts';
import { type PageAnswer, redirectAnswer } from '../web/page.ts';
import type { Person } from './asking.ts';
import { CONSENT_MS } from './attempt.ts';
import type { Shown } from './consentEnds.ts';
import type { Visitor } from './consentTickets.ts';
import type { Reconnector } from './reconnector.ts';
import {
  contentPage,
  grantPage,
  HANDLE_FIELD,
  MEANT_FIELD,
  noGrantPage,
  notBegunPage,
  REPLACE_FIELD,
} from './reconnectPages.ts';
import { reconnectPath } from './rules/reconnectPath.ts';

/** Binds a consent to the browser that began it. */
export const CONSENT_COOKIE = '__Host-keywatch-consent';
/** The consent itself, the question that may come of it, and what the page shows in the end. */
const CONSENT_COOKIE_SECONDS = (3 * CONSENT_MS) / 1000;

/** A request of somebody who was let in. */
export interface SiteRequest {
  readonly by: Person;
  /** Its header `Cookie`. */
  readonly cookie: string | null;
}

/** Members of a form that was sent. */
type Form = Pick<URLSearchParams, 'get'>;

const visitorOf = ({ by: { tenantId, objectId }, cookie }: SiteRequest): Visitor => ({
  by: { tenantId, objectId },
  browser: readCookie(cookie, CONSENT_COOKIE),
});

/** The pages of reconnecting a grant: each answers one request, and only the two forms change anything. */
export const reconnectSite = (reconnector: Reconnector) => {
  const lead = ({ grantId, content, handle }: Shown, request: SiteRequest): PageAnswer =>
    grantId === undefined || handle === undefined
      ? contentPage(grantId, content, { handle, csrf: csrfField(request.cookie) })
      : // The code stands in this address: the page that stays open is another.
        redirectAnswer(`${reconnectPath(grantId)}?result=${handle}`);

  return {
    /** The grant, or what an earlier request came to. */
    async page(request: SiteRequest, grantId: string, handle: string | null): Promise<PageAnswer> {
      const csrf = csrfField(request.cookie);
      const content = handle ? await reconnector.shown(grantId, handle, visitorOf(request)) : undefined;
      if (content !== undefined && handle) return contentPage(grantId, content, { handle, csrf });
      const look = await reconnector.look(grantId);
      return look === undefined ? noGrantPage() : grantPage(look, csrf);
    },

    /** Sends the browser to the provider. */
    async start(request: SiteRequest, grantId: string, form: Form): Promise<PageAnswer> {
      if (!isOwnForm(request.cookie, form)) return foreignFormPage(request.cookie, reconnectPath(grantId));
      const isReplacing = form.get(REPLACE_FIELD) === 'yes';
      const begun = await reconnector.begin(grantId, isReplacing, visitorOf(request));
      if (begun === undefined) return noGrantPage();
      if (!begun.ok) return notBegunPage(grantId, begun);
      return redirectAnswer(begun.location, [
        hostCookie(CONSENT_COOKIE, begun.browser, CONSENT_COOKIE_SECONDS),
      ]);
    },

    /** What the provider sent the browser back with. */
    callback: async (request: SiteRequest, provider: string, query: string): Promise<PageAnswer> =>
      lead(await reconnector.complete(provider, query, visitorOf(request)), request),

    /** Whether another account is meant. */
    async confirm(request: SiteRequest, form: Form): Promise<PageAnswer> {
      if (!isOwnForm(request.cookie, form)) return foreignFormPage(request.cookie);
      const isMeant = form.get(MEANT_FIELD) === 'yes';
      return lead(
        await reconnector.confirm(form.get(HANDLE_FIELD) ?? '', isMeant, visitorOf(request)),
        request,
      );
    },
  };
};

type ReconnectSite = ReturnType<typeof reconnectSite>;

/** Of an app that refreshes nothing, or that browsers cannot come back to. */
export const NO_SITE: ReconnectSite = {
  page: async () => noGrantPage(),
  start: async () => noGrantPage(),
  callback: async () => noGrantPage(),
  confirm: async () => noGrantPage(),
};

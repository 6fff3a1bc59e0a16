import { app, type HttpRequest } from '@azure/functions';
import { reconnector } from '../lib/app/reconnector.ts';
import type { Caller } from '../lib/callers/rules/caller.ts';
import { RECONNECT } from '../lib/callers/rules/roles.ts';
import { ROUTES } from '../lib/web/rules/routes.ts';
import { boundedBody } from './boundedBody.ts';
import { secured } from './secured.ts';

const LONGEST_FORM = 8 * 1024;

const of = (request: HttpRequest, by: Caller) => ({ by, cookie: request.headers.get('cookie') });

const formOf = async (request: HttpRequest): Promise<URLSearchParams> =>
  new URLSearchParams(await boundedBody(request, LONGEST_FORM));

/** The page of a grant that is to be connected anew. It begins nothing. */
export const reconnectPage = secured(RECONNECT, async (request, _context, by) =>
  (await reconnector()).page(of(request, by), request.params['id'] ?? '', request.query.get('result')),
);

/** Sends a browser to the provider of a grant. */
export const reconnectStart = secured(RECONNECT, async (request, _context, by) =>
  (await reconnector()).start(of(request, by), request.params['id'] ?? '', await formOf(request)),
);

/** Takes what a provider sent a browser back with. */
export const reconnectCallback = secured(RECONNECT, async (request, _context, by) =>
  (await reconnector()).callback(
    of(request, by),
    request.params['provider'] ?? '',
    new URL(request.url).search,
  ),
);

/** Takes the answer to the question whether another account is meant. */
export const reconnectConfirm = secured(RECONNECT, async (request, _context, by) =>
  (await reconnector()).confirm(of(request, by), await formOf(request)),
);

const anonymous = { authLevel: 'anonymous' } as const;
app.http('reconnectPage', {
  ...anonymous,
  methods: ['GET'],
  route: ROUTES.reconnect,
  handler: reconnectPage,
});
app.http('reconnectStart', {
  ...anonymous,
  methods: ['POST'],
  route: ROUTES.reconnect,
  handler: reconnectStart,
});
app.http('reconnectCallback', {
  ...anonymous,
  methods: ['GET'],
  route: ROUTES.reconnectCallback,
  handler: reconnectCallback,
});
app.http('reconnectConfirm', {
  ...anonymous,
  methods: ['POST'],
  route: ROUTES.reconnectConfirm,
  handler: reconnectConfirm,
});

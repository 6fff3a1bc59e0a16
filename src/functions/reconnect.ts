import type { HttpRequest } from '@azure/functions';
import { reconnector } from '../lib/app/reconnector.ts';
import type { Caller } from '../lib/callers/rules/caller.ts';
import { RECONNECT } from '../lib/callers/rules/roles.ts';
import { boundedBody } from './boundedBody.ts';
import { secured } from './secured.ts';
import { serve } from './serve.ts';

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

serve('reconnectPage', 'GET', 'reconnect', reconnectPage);
serve('reconnectStart', 'POST', 'reconnect', reconnectStart);
serve('reconnectCallback', 'GET', 'reconnectCallback', reconnectCallback);
serve('reconnectConfirm', 'POST', 'reconnectConfirm', reconnectConfirm);

import { app } from '@azure/functions';
import { privateHeaders } from '../lib/web/headers.ts';
import { ROUTES } from '../lib/web/rules/routes.ts';
import { secured } from './secured.ts';

/** Says to callers who they are to Keywatch and which roles their token or session carries. */
export const whoami = secured(undefined, async (_request, _context, caller) => ({
  headers: privateHeaders,
  jsonBody: caller,
}));

app.http('whoami', { methods: ['GET'], route: ROUTES.whoami, authLevel: 'anonymous', handler: whoami });

import { privateHeaders } from '../lib/web/headers.ts';
import { secured } from './secured.ts';
import { serve } from './serve.ts';

/** Says to callers who they are to Keywatch and which roles their token or session carries. */
export const whoami = secured(undefined, async (_request, _context, caller) => ({
  headers: privateHeaders,
  jsonBody: caller,
}));

serve('whoami', 'GET', 'whoami', whoami);

import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { signIn } from '../lib/app/signIn.ts';
import { boundedBody } from './boundedBody.ts';
import { secured } from './secured.ts';
import { serve } from './serve.ts';

const LONGEST_FORM = 1024;

/** Sends a browser to the identity provider. Anybody may ask. */
export const beginSignIn = async (request: HttpRequest): Promise<HttpResponseInit> =>
  (await signIn()).begin(request);

/** Where the identity provider sends it back to. */
export const completeSignIn = async (request: HttpRequest): Promise<HttpResponseInit> =>
  (await signIn()).complete(request);

const endSession = secured(undefined, async (request) =>
  (await signIn()).end(request, new URLSearchParams(await boundedBody(request, LONGEST_FORM))),
);

/** Ends the session of whoever has one; who has none is told the same, where a page of ours asks. */
export const signOut = async (
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> => {
  const answer = await endSession(request, context);
  // The form of another site comes without our cookie, and the session goes on.
  if (answer.status !== 401 || request.headers.get('sec-fetch-site') !== 'same-origin') return answer;
  const { signInNowhere } = await import('../lib/callers/signIn.ts');
  return signInNowhere.end(request, new URLSearchParams());
};

serve('signIn', 'GET', 'signIn', beginSignIn);
serve('signInCallback', 'GET', 'signInCallback', completeSignIn);
serve('signOut', 'POST', 'signOut', signOut);

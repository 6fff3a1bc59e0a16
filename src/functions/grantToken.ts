import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { tokens } from '../lib/app/tokens.ts';
import type { Caller } from '../lib/callers/rules/caller.ts';
import { tokenRole } from '../lib/callers/rules/roles.ts';
import { type TokenReply, tokenResponse } from '../lib/tokens/rules/tokenReply.ts';
import { LONGEST_BODY, readTokenRequest, TOO_LONG } from '../lib/tokens/rules/tokenRequest.ts';
import { boundedBody } from './boundedBody.ts';
import { secured } from './secured.ts';
import { serve } from './serve.ts';

const UNKNOWN: TokenReply = { kind: 'unknown' };

const replyTo = async (request: HttpRequest, caller: Caller): Promise<TokenReply> => {
  // A page of a browser has no use for a token that it must not keep.
  if (caller.via === 'session') return UNKNOWN;
  const body = await boundedBody(request, LONGEST_BODY);
  const reading = body === undefined ? TOO_LONG : readTokenRequest(body, request.headers.get('content-type'));
  if (!reading.ok) return { ...reading, kind: 'faulty' };
  const { handOut } = await tokens();
  return handOut({ grantId: request.params['id'] ?? '', caller, wish: reading.wish });
};

/** Hands out an access token of a grant, in the form of RFC 6749 §5.1, to those who have the role for that grant. */
export const grantToken = secured(
  ({ params }) => tokenRole(params['id'] ?? ''),
  async (request: HttpRequest, context: InvocationContext, caller: Caller): Promise<HttpResponseInit> => {
    const reply = await replyTo(request, caller);
    if (reply.kind === 'unavailable') context.warn(`grant ${request.params['id']}: ${reply.reason}`);
    return tokenResponse(reply);
  },
  { forbidden: tokenResponse(UNKNOWN) },
);

serve('grantToken', 'POST', 'grantToken', grantToken);

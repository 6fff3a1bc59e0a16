import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { callers } from '../lib/app/callers.ts';
import type { Caller } from '../lib/callers/rules/caller.ts';

/** The role that a request needs; absent: whoever is known may. */
type Needs = string | undefined | ((request: HttpRequest) => string | undefined);

type Handler = (
  request: HttpRequest,
  context: InvocationContext,
  caller: Caller,
) => Promise<HttpResponseInit>;

export interface SecuredOptions {
  /** Answered instead of 403, where nobody without the role may learn whether there is such a thing. */
  readonly forbidden?: HttpResponseInit;
}

/**
 * A handler that only those reach who are known and have a role. Every function that is served over HTTP is made with
 * it, but for those that test/sourceRules.test.ts names.
 */
export const secured =
  (needs: Needs, handler: Handler, { forbidden }: SecuredOptions = {}) =>
  async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const role = typeof needs === 'function' ? needs(request) : needs;
    const { admit } = await callers();
    const admission = await admit(request, { functionName: context.functionName, role });
    if (admission.ok) return handler(request, context, admission.caller);
    return admission.reason === 'role_missing' && forbidden !== undefined ? forbidden : admission.answer;
  };

import { textOf } from '../../kernel/bodyText.ts';
import { jsonObjectOf } from '../../kernel/json.ts';
import { boundedRequest } from '../http/boundedRequest.ts';
import type { TokenIntrospection } from '../ports.ts';

import type { ResourceCallOptions } from './resourceCall.ts';

/** One POST over a connection of its own. @see RFC 7662 §2.1 */
export const tokenIntrospection = ({ ca }: ResourceCallOptions = {}): TokenIntrospection => ({
  async introspect({ url, token, proof, signal }) {
    const { headers = {}, parameters = {}, tls } = proof;
    const form = new URLSearchParams({ token, token_type_hint: 'access_token', ...parameters });
    const answer = await boundedRequest({
      ...{ url: new URL(url), method: 'POST', signal, ca, tls, body: form.toString() },
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
    });
    if (answer.kind === 'unanswered')
      return { kind: 'unanswered', reason: answer.reason, cause: answer.cause };
    const active = jsonObjectOf(textOf(answer.body))?.['active'];
    return {
      kind: 'answered',
      httpStatus: answer.httpStatus,
      active: typeof active === 'boolean' ? active : undefined,
    };
  },
});

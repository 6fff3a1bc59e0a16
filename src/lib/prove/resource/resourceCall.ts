import { boundedRequest } from '../http/boundedRequest.ts';
import type { ResourceCall } from '../ports.ts';

export interface ResourceCallOptions {
  /** Local mode and tests only: certificates to trust instead of the system's, as PEM. */
  readonly ca?: string | undefined;
}

const secondsOf = (retryAfter: string | undefined): number | undefined =>
  retryAfter !== undefined && /^\d{1,5}$/.test(retryAfter) ? Number(retryAfter) : undefined;

/** Calls a resource over a connection of its own, and looks at nothing but status and headers. */
export const resourceCall = ({ ca }: ResourceCallOptions = {}): ResourceCall => ({
  async call({ url, method, headers, token, signal }) {
    const answer = await boundedRequest({
      ...{ url: new URL(url), method, signal, ca, leavesBody: true },
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(method === 'POST' ? { 'content-length': '0' } : {}),
        ...headers,
      },
    });
    if (answer.kind === 'unanswered')
      return { kind: 'unanswered', reason: answer.reason, cause: answer.cause };
    const { httpStatus, header } = answer;
    return {
      ...{ kind: 'answered', httpStatus },
      wwwAuthenticate: header('www-authenticate'),
      contentType: header('content-type'),
      retryAfterSeconds: secondsOf(header('retry-after')),
    };
  },
});

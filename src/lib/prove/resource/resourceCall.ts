import type { Clock } from '../../kernel/clock.ts';
import { boundedRequest } from '../http/boundedRequest.ts';
import { retryAfterSecondsOf } from '../http/retryAfterSeconds.ts';
import type { ResourceCall } from '../ports.ts';

export interface ResourceCallOptions {
  /** Local mode and tests only: certificates to trust instead of the system's, as PEM. */
  readonly ca?: string | undefined;
}

/** @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const CALLS_LEFT = ['x-ratelimit-remaining', 'x-rate-limit-remaining', 'ratelimit-remaining'];

/** Calls a resource over a connection of its own, and looks at nothing but status and headers. */
export const resourceCall = ({
  clock,
  ca,
}: ResourceCallOptions & { readonly clock: Pick<Clock, 'nowEpochMs'> }): ResourceCall => ({
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
      retryAfterSeconds: retryAfterSecondsOf(answer, clock.nowEpochMs()),
      isRateSpent: CALLS_LEFT.some((name) => header(name)?.trim() === '0'),
    };
  },
});

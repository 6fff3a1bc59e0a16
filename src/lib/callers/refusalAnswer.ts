import { CALLER_REFUSALS, type CallerRefusal } from '../credentials/callerRefusals.ts';
import { privateHeaders } from '../web/headers.ts';

/** What somebody who is turned away gets; `@azure/functions` takes it as it is. */
export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly jsonBody: Readonly<Record<string, string>>;
}

const RETRY_SECONDS = 5;

/** Nothing of the request is in it. @see RFC 6750 §3 */
export const refusalAnswer = (reason: CallerRefusal): RefusalAnswer => {
  const { status, meaning, action } = CALLER_REFUSALS[reason];
  const error = errorOf(reason, status);
  return {
    status,
    headers: {
      ...privateHeaders,
      ...(status === 503
        ? { 'retry-after': String(RETRY_SECONDS) }
        : { 'www-authenticate': challengeOf(error, meaning) }),
    },
    jsonBody: { error, reason, error_description: `${meaning}. ${action}` },
  };
};

const errorOf = (reason: CallerRefusal, status: number): string => {
  if (status === 503) return 'temporarily_unavailable';
  if (status === 403) return 'insufficient_scope';
  return reason === 'nobody' ? 'unauthorized' : 'invalid_token';
};

/** Who sent nothing is told no error. @see RFC 6750 §3.1 */
const challengeOf = (error: string, meaning: string): string =>
  error === 'unauthorized'
    ? 'Bearer realm="keywatch"'
    : `Bearer realm="keywatch", error="${error}", error_description="${meaning}"`;

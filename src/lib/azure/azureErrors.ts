import type { AzureErrorReason } from './azureErrorReason.ts';
import { RefusedRequestError } from './metadataOnlyPolicy.ts';
import { asRestError } from './restError.ts';
import { retryAfterMsOf } from './retryAfter.ts';

/** What an error of an Azure SDK says, in our words. */
export interface AzureError {
  readonly reason: AzureErrorReason;
  readonly retryable: boolean;
  readonly httpStatus: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** `innererror.code` of the answer, which tells a missing role from a firewall. */
  readonly innerCode: string | undefined;
}

const TLS_CODE =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY)|EPROTO$|HOSTNAME_MISMATCH$)/;

const AUTHENTICATION_ERRORS: ReadonlySet<string> = new Set([
  'AuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
  'AggregateAuthenticationError',
]);

const RETRYABLE: ReadonlySet<AzureErrorReason> = new Set([
  'throttled',
  'timeout',
  'connection',
  'server_error',
  'malformed_answer',
]);

/** Reads whatever an SDK call threw. An error that is none of theirs counts as an unreadable answer. */
export const readAzureError = (error: unknown, nowEpochMs: number): AzureError => {
  const { name = '', code = '' } = error as { name?: string; code?: string };
  const { statusCode: httpStatus, response } = asRestError(error) ?? {};
  const reason = reasonOf(error, { name, code, httpStatus });
  return {
    reason,
    retryable: RETRYABLE.has(reason),
    httpStatus,
    retryAfterMs: response === undefined ? undefined : retryAfterMsOf(response.headers, nowEpochMs),
    innerCode: innerCodeOf(response?.bodyAsText),
  };
};

const reasonOf = (
  error: unknown,
  { name, code, httpStatus }: { name: string; code: string; httpStatus: number | undefined },
): AzureErrorReason => {
  if (error instanceof RefusedRequestError) return 'malformed_answer';
  if (AUTHENTICATION_ERRORS.has(name)) return 'unauthorized';
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ETIMEDOUT') return 'timeout';
  if (code === 'ENOTFOUND') return 'not_found';
  if (TLS_CODE.test(code)) return 'tls';
  if (code === 'PARSE_ERROR') return 'malformed_answer';
  if (httpStatus !== undefined) return reasonOfStatus(httpStatus);
  return code === '' ? 'malformed_answer' : 'connection';
};

const reasonOfStatus = (status: number): AzureErrorReason => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 408) return 'timeout';
  if (status === 429) return 'throttled';
  if (status >= 500) return 'server_error';
  return status < 400 ? 'malformed_answer' : 'rejected';
};

const innerCodeOf = (body: string | null | undefined): string | undefined =>
  /"innererror"\s*:\s*\{\s*"code"\s*:\s*"(\w{1,64})"/i.exec(body ?? '')?.[1];

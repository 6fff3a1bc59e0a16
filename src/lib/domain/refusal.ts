import type { ProviderProfile } from './providerProfile.ts';

/** Whose fault a refusal is: the refresh token's, our own credential's, the request's, or the hour's. */
export type RefusalClass = 'dead' | 'client' | 'configuration' | 'retry_later';

/** `unclear`: the server failed on its way, and may have used the token up before it did. */
export type Refusal = RefusalClass | 'unclear';

// RFC 6749 §5.2, RFC 6750 §3.1, RFC 8628 §3.5, and the words that providers use for the same.
const CLASS_OF: ReadonlyMap<string, Refusal> = new Map<string, Refusal>(
  Object.entries({
    invalid_grant: 'dead',
    invalid_client: 'client',
    unauthorized_client: 'client',
    invalid_client_id: 'client',
    bad_client_secret: 'client',
    bad_client_id: 'client',
    incorrect_client_credentials: 'client',
    temporarily_unavailable: 'retry_later',
    slow_down: 'retry_later',
    ratelimited: 'retry_later',
    rate_limited: 'retry_later',
    rate_limit_exceeded: 'retry_later',
    too_many_requests: 'retry_later',
    service_unavailable: 'retry_later',
    server_error: 'unclear',
    internal_error: 'unclear',
    fatal_error: 'unclear',
  } as const),
);

const deadValuesOf = ({ deadErrors, errorIn200 }: ProviderProfile): readonly string[] => [
  ...deadErrors,
  ...(errorIn200?.deadValues ?? []),
];

/**
 * The code that decides: the first that the profile takes for the death of the refresh token, from
 * wherever it was; else the first that the answer itself calls an error.
 */
export const decisiveCode = (
  { errors, remarks }: { errors: readonly string[]; remarks: readonly string[] },
  profile: ProviderProfile,
): string | undefined => {
  const dead = deadValuesOf(profile);
  return [...errors, ...remarks].find((code) => dead.includes(code)) ?? errors[0];
};

/**
 * What an answer without a token means. The code decides before the HTTP status does, and the
 * profile's words before the standard's: several providers answer 401, 403 or 200 for a dead token.
 */
export const classifyRefusal = (
  code: string | undefined,
  httpStatus: number,
  profile: ProviderProfile,
): Refusal => {
  if (code !== undefined && deadValuesOf(profile).includes(code)) return 'dead';
  const known = code === undefined ? undefined : CLASS_OF.get(code);
  if (known !== undefined) return known;
  if (httpStatus === 429 || httpStatus === 503 || httpStatus === 408 || httpStatus === 425)
    return 'retry_later';
  if (httpStatus === 401) return 'client';
  // A redirect declines too: it is never followed, and the token is no more spent than by a 404.
  if (httpStatus >= 300 && httpStatus < 500) return 'configuration';
  if (httpStatus < 300 && code !== undefined) return 'configuration';
  return 'unclear';
};

const PRINTABLE = /^(?:[a-z]{2,20}(?:_[a-z]{1,20}){0,5}|[A-Z]{2,20}(?:_[A-Z]{1,20}){0,5})$/;

/** The code itself when it cannot be a secret: one of the standard, of the profile, or plain words. */
export const printableCode = (code: string | undefined, profile: ProviderProfile): string | undefined => {
  if (code === undefined) return undefined;
  if (CLASS_OF.has(code) || deadValuesOf(profile).includes(code) || PRINTABLE.test(code)) return code;
  return undefined;
};

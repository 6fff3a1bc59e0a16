import type { ProofOutcome } from '../../credentials/proofOutcomes.ts';
import type { ClientAuthenticationMethodName } from '../../oauth/clientAuthentication/methods.ts';
import { isOfProxy } from '../../oauth/rules/refusal.ts';
import { classOfCode, plainWord, type Refusal } from '../../oauth/rules/refusalWords.ts';

/** An answer of a token endpoint that is no token. */
export interface RefusingAnswer {
  readonly httpStatus: number;
  /** `error` as it came; absent: the body is no JSON object, or has none. */
  readonly error: string | undefined;
  readonly isJson: boolean;
  /** Name of the method by which the client proved itself. */
  readonly method: string;
}

/** What is wrong where the client's own proof is refused, and nothing more is known. Absent: its secret is. */
const OF_METHOD: Partial<Readonly<Record<string, ProofOutcome>>> = {
  private_key_jwt: 'assertion_refused',
  tls_client_auth: 'assertion_refused',
  federated_identity: 'federation_refused',
} satisfies Partial<Record<ClientAuthenticationMethodName, ProofOutcome>>;

/** Codes that say more here than where a token is refreshed. @see RFC 6749 §5.2, RFC 8707 §2 */
const OUTCOME_OF_CODE: ReadonlyMap<string, ProofOutcome> = new Map(
  Object.entries({
    unauthorized_client: 'not_permitted',
    access_denied: 'not_permitted',
    deleted_client: 'app_gone',
    disabled_client: 'app_disabled',
    interaction_required: 'policy_blocks',
    invalid_resource: 'resource_wrong',
    invalid_target: 'resource_wrong',
  } as const).map(([code, outcome]) => [plainWord(code), outcome]),
);

/** `dead`: no grant is sent in this flow, so it speaks of what the client may have. */
const OUTCOME_OF_CLASS = {
  dead: 'not_permitted',
  configuration: 'resource_wrong',
  retry_later: 'throttled',
  unclear: 'unavailable',
} as const satisfies Readonly<Record<Exclude<Refusal, 'client'>, ProofOutcome>>;

const ofClient = (method: string): ProofOutcome => OF_METHOD[method] ?? 'credential_wrong';

const byWord = (error: string, method: string): ProofOutcome | undefined => {
  const outcome = OUTCOME_OF_CODE.get(plainWord(error));
  const means = classOfCode(error);
  if (outcome !== undefined || means === undefined) return outcome;
  return means === 'client' ? ofClient(method) : OUTCOME_OF_CLASS[means];
};

const ofError = ({ error, method, httpStatus }: RefusingAnswer): ProofOutcome | undefined => {
  const outcome = error === undefined ? undefined : byWord(error, method);
  // 401 is for who is not authenticated: of a wrong secret Keycloak says unauthorized_client, and Auth0 access_denied.
  return outcome === 'not_permitted' && httpStatus === 401 ? ofClient(method) : outcome;
};

const isRedirect = (httpStatus: number): boolean => httpStatus >= 300 && httpStatus < 400;

/** There is no token endpoint at that address. */
const NO_ENDPOINT = [404, 405, 410];

/** Whether what an answer says of the client is believed: whoever failed, or wants to be left alone, cannot judge it. */
export const isJudgement = (httpStatus: number): boolean =>
  httpStatus !== 429 && httpStatus < 500 && !isRedirect(httpStatus) && !isOfProxy(httpStatus);

/**
 * What an answer without a token means: by its status where that says who failed, else by its error, and by the
 * status again where the error is unknown or missing. What is no refusal at all (a page, a success without a token)
 * is `unavailable`: whatever answered, it was no token endpoint, and may be one again.
 */
export const outcomeOfAnswer = (answer: RefusingAnswer): ProofOutcome => {
  const { httpStatus, error, isJson, method } = answer;
  if (httpStatus === 429) return 'throttled';
  if (isRedirect(httpStatus)) return 'resource_wrong';
  const said = ofError(answer);
  if (!isJudgement(httpStatus)) return said === 'throttled' ? said : 'unavailable';
  if (said !== undefined) return said;
  if (httpStatus === 401) return ofClient(method);
  // What is no JSON is the page of a firewall. @see https://github.com/soundcloud/api/issues/521
  if (httpStatus === 403) return isJson ? 'not_permitted' : 'unavailable';
  return error !== undefined || NO_ENDPOINT.includes(httpStatus) ? 'resource_wrong' : 'unavailable';
};

const TLS_ALERT_EXPIRED = 45;
/** Those of RFC 8446 §6.2 that speak of a certificate: bad, unsupported, revoked, unknown, of no known authority, denied, missing. */
const TLS_ALERTS_OF_CERTIFICATE = [42, 43, 44, 46, 48, 49, 116];

/**
 * What the alert that ended a connection says of the certificate that the client showed: with TLS 1.3 the server
 * looks at it after the client took the connection for made. Absent: nothing.
 */
export const outcomeOfTlsAlert = (method: string, alert: number | undefined): ProofOutcome | undefined => {
  if (method !== 'tls_client_auth' || alert === undefined) return undefined;
  if (alert === TLS_ALERT_EXPIRED) return 'credential_expired';
  return TLS_ALERTS_OF_CERTIFICATE.includes(alert) ? 'assertion_refused' : undefined;
};

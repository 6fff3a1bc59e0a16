import type { AzureErrorReason, AzureFailure } from '../../azure/azureErrorReason.ts';
import { readAzureError } from '../../azure/azureErrors.ts';
import { asRestError } from '../../azure/restError.ts';
import { type GraphRole, giveRole, OWNER_COMMAND } from '../rules/graphRoles.ts';

/** What was asked of the directory, for people, and the role that it takes. */
export interface Asked {
  /** As in "The applications could not be listed". */
  readonly what: string;
  readonly role: GraphRole;
  /** Whether it was to be changed; absent: read. */
  readonly isChange?: boolean;
}

/** An answer that came whole and is none to the question. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';
}

/** One answer of a batch that is no success. */
export class BatchItemError extends Error {
  override readonly name = 'RestError';
  readonly statusCode: number;
  /** Of its body; empty where it says none. */
  readonly graphCode: string;
  constructor(statusCode: number, graphCode: string) {
    super(`HTTP ${statusCode} within a batch`);
    this.statusCode = statusCode;
    this.graphCode = graphCode;
  }
}

const CODE = /"code"\s*:\s*"(\w{1,64})"/;

/** `error.code` of an answer; empty where it has none. */
export const graphCodeOf = (cause: unknown): string =>
  cause instanceof BatchItemError
    ? cause.graphCode
    : (CODE.exec(asRestError(cause)?.response?.bodyAsText ?? '')?.[1] ?? '');

/** That the object which was asked for is not there. */
export const NO_OBJECT = 'Request_ResourceNotFound';

/**
 * Whether the directory does not find its own tenant, or the way to it, for a moment: a 404 that speaks of no object.
 * @see https://github.com/hashicorp/terraform-provider-azuread/issues/1578
 */
export const isLost = (httpStatus: number | undefined, graphCode: string): boolean =>
  httpStatus === 404 && graphCode !== '' && graphCode !== NO_OBJECT;

/** The object holds as much as the directory lets one hold. */
export const TOO_LARGE = 'Directory_ResourceSizeExceeded';

export interface FailureContext {
  readonly nowEpochMs: number;
  /** True when it was ended from outside: the time limit of the whole scan. */
  readonly timeIsUp: boolean;
  /** How far a listing had come. */
  readonly pages?: number;
}

/** Translates whatever a question threw. The words of the answer itself stay in `cause`. */
export const graphFailureOf = (
  cause: unknown,
  { what, role, isChange = false }: Asked,
  { nowEpochMs, timeIsUp, pages = 0 }: FailureContext,
): AzureFailure => {
  const unreadable = { reason: 'malformed_answer', retryable: true, retryAfterMs: undefined } as const;
  const read =
    cause instanceof UnreadableAnswerError
      ? { ...unreadable, httpStatus: 200 }
      : { ...readAzureError(cause, nowEpochMs), ...byCode(cause) };
  const { httpStatus, retryAfterMs } = read;
  const reason: AzureErrorReason = timeIsUp ? 'timeout' : read.reason;
  const status = httpStatus === undefined ? '' : `, HTTP ${httpStatus}`;
  const progress = pages === 0 ? '' : ` after ${pages} pages`;
  return {
    ok: false,
    code: `directory_${reason}`,
    reason,
    retryable: timeIsUp || read.retryable,
    message: `${what} could not be ${isChange ? 'changed in' : 'read of'} the directory${progress} (${reason}${status}): ${HAPPENED[reason]}.`,
    action: actionFor(reason, role),
    httpStatus,
    retryAfterSeconds: retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000),
    cause,
  };
};

/** What the code of an answer says that its status does not; absent: nothing. */
const byCode = (cause: unknown): { reason: AzureErrorReason; retryable: boolean } | undefined => {
  const code = graphCodeOf(cause);
  // A next page is kept for a while only. @see https://github.com/cartography-cncf/cartography/pull/2853
  if (code === 'Directory_ExpiredPageToken') return { reason: 'malformed_answer', retryable: true };
  // 403, and no role helps. @see https://github.com/openshift/openshift-azure/issues/1932
  if (code === TOO_LARGE) return { reason: 'rejected', retryable: false };
  return isLost(asRestError(cause)?.statusCode, code)
    ? { reason: 'server_error', retryable: true }
    : undefined;
};

const HAPPENED: Readonly<Record<AzureErrorReason, string>> = {
  forbidden: 'the identity has no role that allows it',
  unauthorized: 'no token could be had that Microsoft Graph takes',
  not_found: 'it is not there, or its address is not known here',
  throttled: 'Microsoft Graph asks to be left alone',
  timeout: 'Microsoft Graph did not answer in time',
  tls: 'the TLS certificate of Microsoft Graph is not trusted',
  connection: 'the connection to Microsoft Graph failed',
  server_error: 'Microsoft Graph failed to answer',
  malformed_answer: 'the answer cannot be read to the end',
  rejected: 'Microsoft Graph refuses the request',
};

const OWNED: GraphRole = 'Application.ReadWrite.OwnedBy';
const NEXT_RUN = 'Nothing yet: the next run tries again.';

const actionFor = (reason: AzureErrorReason, role: GraphRole): string => {
  switch (reason) {
    case 'forbidden':
      return role === OWNED
        ? `${giveRole(role)}; and makes it an owner of the application: ${OWNER_COMMAND}`
        : giveRole(role);
    case 'unauthorized':
      return 'Check the identity that Keywatch runs as, and that "directory.tenantId" of the config is its tenant.';
    case 'not_found':
    case 'tls':
    case 'connection':
      return 'Check the network, DNS and proxies between Keywatch and Microsoft Graph.';
    case 'rejected':
      return 'Update Keywatch, or report this.';
    case 'malformed_answer':
      return 'If it lasts, look for what stands between Keywatch and Microsoft Graph and changes answers.';
    default:
      return NEXT_RUN;
  }
};

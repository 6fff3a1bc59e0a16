import { printable } from '../../kernel/printable.ts';
import { readAzureError } from '../azureErrors.ts';
import type { LogsFailure, LogsFailureReason } from '../ports.ts';
import { asRestError } from '../restError.ts';
import { type LogsError, readLogsError } from './logsAnswer.ts';

const CONCERN_ALL: ReadonlySet<LogsFailureReason> = new Set([
  'forbidden',
  'unauthorized',
  'not_found',
  'throttled',
  'tls',
  'connection',
]);

/** Translates whatever a call of the Logs query API threw. */
export const logsFailureOf = (cause: unknown, workspaceId: string, nowEpochMs: number): LogsFailure => {
  const { reason: azureReason, retryable, httpStatus, retryAfterMs } = readAzureError(cause, nowEpochMs);
  const { codes = [], messages = [] } = readLogsError(asRestError(cause)?.response?.bodyAsText ?? '') ?? {};
  const code = codeOf(azureReason, httpStatus, { codes, messages });
  const words = wordsFor(code, workspaceId, {
    said: printable(messages.at(-1) ?? 'no reason given', 300),
    status: httpStatus === undefined ? '' : ` (HTTP ${httpStatus})`,
    wait: retryAfterMs === undefined ? '' : `, for ${Math.ceil(retryAfterMs / 1000)} s`,
  });
  return { ok: false, code, retryable, ...words, concernsAll: CONCERN_ALL.has(code), cause };
};

const codeOf = (
  reason: LogsFailureReason,
  httpStatus: number | undefined,
  { codes, messages }: LogsError,
): LogsFailureReason => {
  // A name that the DNS does not know, which elsewhere means that the vault is gone.
  if (reason === 'not_found' && httpStatus === undefined) return 'connection';
  // A token that is refused comes with 403 here.
  if (httpStatus === 403 && codes.some((code) => code.startsWith('InvalidAuthentication')))
    return 'unauthorized';
  if (httpStatus === 400)
    return messages.some((said) => NO_TABLE.test(said)) ? 'table_absent' : 'invalid_query';
  return httpStatus === 504 ? 'timeout' : reason;
};

/** "Failed to resolve table or column expression named 'X'", and its like. */
const NO_TABLE = /failed to resolve table/i;

const AGAIN = 'Try again in a minute.';

const wordsFor = (
  reason: LogsFailureReason,
  workspace: string,
  { said, status, wait }: { said: string; status: string; wait: string },
): Pick<LogsFailure, 'message' | 'action'> => {
  switch (reason) {
    case 'forbidden':
      return {
        message: `this login may not query workspace ${workspace}`,
        action:
          'Give it the role Log Analytics Reader on the workspace; a new role takes some minutes to hold.',
      };
    case 'unauthorized':
      return {
        message: 'no token could be had that the workspace takes',
        action: 'Log in (az login --tenant TENANT, with the tenant of the workspace) and try again.',
      };
    case 'not_found':
      return {
        message: `there is no workspace ${workspace}`,
        action:
          'Its ID is what "az monitor log-analytics workspace show -g GROUP -n NAME --query customerId -o tsv" prints.',
      };
    case 'table_absent':
      return {
        message: `the workspace does not take the query: ${said}`,
        action: 'A table that it does not know: is this the workspace of an Application Insights resource?',
      };
    case 'invalid_query':
      return {
        message: `the workspace does not take the query: ${said}`,
        action: 'Give the table the plan Analytics, where it has another; else report this.',
      };
    case 'throttled':
      return { message: `the service asks to be left alone${wait}${status}`, action: AGAIN };
    case 'timeout':
      return { message: `it did not answer in time${status}`, action: AGAIN };
    case 'tls':
      return {
        message: 'the TLS certificate of the service is not trusted',
        action: 'Look for a proxy that opens TLS between here and Azure.',
      };
    case 'connection':
      return {
        message: 'the connection to the service failed',
        action: 'Check the network, and whether the workspace may be queried from public networks.',
      };
    case 'server_error':
      return { message: `the service failed to answer${status}`, action: AGAIN };
    default:
      return {
        message: `the answer is none that can be read${status}`,
        action: 'If it lasts, look for what stands between here and Azure and changes answers.',
      };
  }
};

import type { TokenCredential } from '@azure/core-auth';
import type { Clock } from '../../kernel/clock.ts';
import { guidOf } from '../../kernel/guid.ts';
import { azureRequests } from '../azureRequests.ts';
import { serviceOrigin } from '../loopbackSwitches.ts';
import type { LogsQuery } from '../ports.ts';
import { readLogsAnswer } from './logsAnswer.ts';
import { logsFailureOf } from './logsErrors.ts';

const ENDPOINT = 'https://api.loganalytics.azure.com';
const SCOPE = 'https://api.loganalytics.io/.default';
/** What the service may take for one query, and a little more for the way. */
const SERVER_SECONDS = 25;
const REQUEST_TIMEOUT_MS = 30_000;

/** True for the form of a workspace ID, which is not the name of the workspace. */
export const isWorkspaceId = (text: string): boolean => guidOf(text) !== undefined;

export interface LogsQueryOptions {
  readonly workspaceId: string;
  readonly credential: TokenCredential;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  /** The public cloud by default. */
  readonly endpoint?: string;
  /** True for a stand-in on this machine only, which is reached without TLS. */
  readonly allowLoopback?: boolean;
  /** For jitter; `Math.random` by default. */
  readonly random?: () => number;
}

/**
 * One Log Analytics workspace through the Logs query API.
 * @throws Error for what is no workspace ID, and for an endpoint without TLS
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/api/request-format
 */
export const logsQuery = (options: LogsQueryOptions): LogsQuery => {
  const { workspaceId, credential, clock, allowLoopback = false, random = Math.random } = options;
  const endpoint = serviceOrigin(options.endpoint ?? ENDPOINT, allowLoopback);
  if (!isWorkspaceId(workspaceId)) throw new Error('a workspace ID is a GUID');
  const post = azureRequests({
    credential,
    scope: SCOPE,
    clock,
    random,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    allowLoopback,
  });

  const ask = async (query: string, timespan: string, signal?: AbortSignal): Promise<string> => {
    const { status, bodyAsText } = await post({
      url: `${endpoint}/v1/workspaces/${workspaceId}/query`,
      headers: { prefer: `wait=${SERVER_SECONDS}` },
      body: { query, timespan },
      signal,
    });
    return status === 200 ? (bodyAsText ?? '') : '';
  };

  return {
    async run(kql, timespan, signal) {
      try {
        const answer = readLogsAnswer(await ask(kql, timespan, signal));
        if (answer !== undefined) return answer;
        return logsFailureOf(new Error('no answer'), workspaceId, clock.nowEpochMs());
      } catch (cause) {
        return logsFailureOf(cause, workspaceId, clock.nowEpochMs());
      }
    },
  };
};

import type { TokenCredential } from '@azure/core-auth';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Clock } from '../kernel/clock.ts';
import { boundedAnswerPolicy } from './boundedAnswerPolicy.ts';
import { retryPolicy } from './retryPolicy.ts';
import { wholeErrorPolicy } from './wholeErrorPolicy.ts';

export interface AzureRequestsOptions {
  readonly credential: TokenCredential;
  readonly scope: string;
  /** Whose token, where the credential may have those of several tenants. */
  readonly tenantId?: string | undefined;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  /** For jitter: from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Of each single request, to the end of its answer. */
  readonly requestTimeoutMs: number;
  /** True where a stand-in on this machine is accepted, which is reached without TLS. */
  readonly allowLoopback: boolean;
}

export interface AzureRequest {
  readonly url: string;
  /** POST by default. */
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Whether it changes something: then it is sent once, whatever comes of it. */
  readonly isChange?: boolean;
}

const NEVER = new AbortController().signal;

/**
 * Speaks to an Azure API that has no client of its own here: signed-in requests of JSON, no redirects, answers of
 * bounded size. What passes is tried again, unless the request changes something.
 * Rejects with the SDK's errors, and with a `CredentialUnavailableError` where there is no login.
 */
export const azureRequests = (
  options: AzureRequestsOptions,
): ((request: AzureRequest) => Promise<PipelineResponse>) => {
  const { credential, scope, tenantId, clock, random, requestTimeoutMs, allowLoopback } = options;
  const httpClient = createDefaultHttpClient();
  const pipelineOf = (signal: AbortSignal, isChange: boolean) => {
    const pipeline = createPipelineFromOptions({
      retryOptions: { maxRetries: 0 },
      redirectOptions: { maxRetries: 0 },
    });
    pipeline.addPolicy(wholeErrorPolicy);
    if (!isChange) pipeline.addPolicy(retryPolicy({ clock, random, signal }));
    pipeline.addPolicy(boundedAnswerPolicy({ signal, timeoutMs: requestTimeoutMs }));
    return pipeline;
  };

  return async ({ url, method = 'POST', body, headers, signal = NEVER, isChange = false }) => {
    const token = await credential.getToken(scope, { abortSignal: signal, ...(tenantId && { tenantId }) });
    if (token === null) throw Object.assign(new Error('no token'), { name: 'CredentialUnavailableError' });
    const request = createPipelineRequest({
      method,
      url,
      headers: createHttpHeaders({
        authorization: `Bearer ${token.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      allowInsecureConnection: allowLoopback,
    });
    return pipelineOf(signal, isChange).sendRequest(httpClient, request);
  };
};

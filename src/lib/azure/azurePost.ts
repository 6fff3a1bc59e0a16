import type { TokenCredential } from '@azure/core-auth';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Clock } from '../kernel/clock.ts';
import { retryPolicy } from './retryPolicy.ts';
import { wholeErrorPolicy } from './wholeErrorPolicy.ts';

export interface AzurePostOptions {
  readonly credential: TokenCredential;
  /** What the token is for. */
  readonly scope: string;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  /** For jitter: from 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly requestTimeoutMs: number;
  /** True where a stand-in on this machine is accepted, which is reached without TLS. */
  readonly allowLoopback: boolean;
}

export interface AzurePost {
  readonly url: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends questions to an Azure API that has no client of its own here: one signed-in POST of JSON each, no
 * redirects. What passes is tried again, so it is for questions only, which change nothing.
 * Rejects with the SDK's errors, and with a `CredentialUnavailableError` where there is no login.
 */
export const azurePost = (options: AzurePostOptions): ((post: AzurePost) => Promise<PipelineResponse>) => {
  const { credential, scope, clock, random, requestTimeoutMs, allowLoopback } = options;
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
  });
  pipeline.addPolicy(wholeErrorPolicy);
  pipeline.addPolicy(retryPolicy({ clock, random, signal: new AbortController().signal }));
  const httpClient = createDefaultHttpClient();

  return async ({ url, body, headers }) => {
    const token = await credential.getToken(scope);
    if (token === null) throw Object.assign(new Error('no token'), { name: 'CredentialUnavailableError' });
    const request = createPipelineRequest({
      method: 'POST',
      url,
      headers: createHttpHeaders({
        authorization: `Bearer ${token.token}`,
        'content-type': 'application/json',
        ...headers,
      }),
      body: JSON.stringify(body),
      timeout: requestTimeoutMs,
      allowInsecureConnection: allowLoopback,
    });
    return pipeline.sendRequest(httpClient, request);
  };
};

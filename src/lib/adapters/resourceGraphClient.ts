import type { TokenCredential } from '@azure/core-auth';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Clock } from '../ports/clock.ts';
import { retryPolicy } from './retryPolicy.ts';
import { wholeErrorPolicy } from './wholeErrorPolicy.ts';

const PATH = '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01';
/** Paging needs `id` among the columns, and an order that does not change between pages. */
const QUERY = `resources
| where type =~ 'microsoft.keyvault/vaults'
| project id, subscriptionId, vaultUri = tostring(properties.vaultUri)
| order by id asc`;
const PAGE_SIZE = 1_000;
const REQUEST_TIMEOUT_MS = 30_000;

export interface ResourceGraphClientOptions {
  readonly credential: TokenCredential;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  readonly random: () => number;
  /** Origin of Azure Resource Manager. */
  readonly endpoint: string;
  /** True for a stand-in on this machine, which is reached without TLS. */
  readonly isLocal: boolean;
}

/** Asks for one page of vaults; retries what passes, throws the SDK's errors. */
export type AskResourceGraph = (
  subscriptionIds: readonly string[],
  skipToken: string | undefined,
) => Promise<Pick<PipelineResponse, 'bodyAsText' | 'headers'>>;

export const openResourceGraph = (options: ResourceGraphClientOptions): AskResourceGraph => {
  const { credential, clock, random, endpoint, isLocal } = options;
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
  });
  pipeline.addPolicy(wholeErrorPolicy);
  pipeline.addPolicy(retryPolicy({ clock, random, signal: new AbortController().signal }));
  const httpClient = createDefaultHttpClient();

  return async (subscriptions, skipToken) => {
    const token = await credential.getToken(`${endpoint}/.default`);
    if (token === null) throw Object.assign(new Error('no token'), { name: 'CredentialUnavailableError' });
    const paging = skipToken === undefined ? {} : { $skipToken: skipToken };
    const request = createPipelineRequest({
      method: 'POST',
      url: `${endpoint}${PATH}`,
      headers: createHttpHeaders({
        authorization: `Bearer ${token.token}`,
        'content-type': 'application/json',
      }),
      body: JSON.stringify({
        subscriptions,
        query: QUERY,
        options: { resultFormat: 'objectArray', $top: PAGE_SIZE, ...paging },
      }),
      timeout: REQUEST_TIMEOUT_MS,
      allowInsecureConnection: isLocal,
    });
    return pipeline.sendRequest(httpClient, request);
  };
};

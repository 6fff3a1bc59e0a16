import type { TokenCredential } from '@azure/core-auth';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { azureRequests } from '../../azure/azureRequests.ts';
import type { Clock } from '../../kernel/clock.ts';

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
  /** True where a stand-in on this machine is accepted, which is reached without TLS. */
  readonly allowLoopback: boolean;
}

/** Asks for one page of vaults; retries what passes, throws the SDK's errors. */
export type AskResourceGraph = (
  subscriptionIds: readonly string[],
  skipToken: string | undefined,
) => Promise<Pick<PipelineResponse, 'bodyAsText' | 'headers'>>;

export const openResourceGraph = ({ endpoint, ...options }: ResourceGraphClientOptions): AskResourceGraph => {
  const scope = `${endpoint}/.default`;
  const post = azureRequests({ ...options, scope, requestTimeoutMs: REQUEST_TIMEOUT_MS });
  return (subscriptions, skipToken) => {
    const paging = skipToken === undefined ? {} : { $skipToken: skipToken };
    return post({
      url: `${endpoint}${PATH}`,
      body: {
        subscriptions,
        query: QUERY,
        options: { resultFormat: 'objectArray', $top: PAGE_SIZE, ...paging },
      },
    });
  };
};

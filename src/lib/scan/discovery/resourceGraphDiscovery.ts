import type { TokenCredential } from '@azure/core-auth';
import type { AzureFailure } from '../../azure/azureErrorReason.ts';
import { readAzureError } from '../../azure/azureErrors.ts';
import { serviceOrigin } from '../../azure/loopbackSwitches.ts';
import { spentQuotaMsOf } from '../../azure/retryAfter.ts';
import type { Clock } from '../../kernel/clock.ts';
import { readVaultUrl } from '../../kernel/vaultUrl.ts';
import type { Discovery, VaultDiscovery } from '../ports.ts';
import { readResourceGraphPage } from './resourceGraphPage.ts';

export interface ResourceGraphDiscoveryOptions {
  readonly credential: TokenCredential;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  /** Azure Resource Manager of the cloud; the public one by default. */
  readonly endpoint?: string;
  /** True under `npm start` only: lets the endpoint and the vaults be this machine. */
  readonly allowLoopback?: boolean;
  /** For jitter; `Math.random` by default. */
  readonly random?: () => number;
}

/** The quota is that of some seconds; an answer that names hours is not waited for. */
const LONGEST_WAIT_MS = 60_000;

/** Finds vaults with one Azure Resource Graph query over all subscriptions, page by page. */
export const resourceGraphDiscovery = (options: ResourceGraphDiscoveryOptions): VaultDiscovery => {
  const { credential, clock, allowLoopback = false, random = Math.random } = options;
  const endpoint = serviceOrigin(options.endpoint ?? 'https://management.azure.com', allowLoopback);

  const discoverAll = async (subscriptionIds: readonly string[]): Promise<Discovery> => {
    const { openResourceGraph } = await import('./resourceGraphClient.ts');
    const ask = openResourceGraph({ credential, clock, random, endpoint, allowLoopback });
    const vaultUrls = new Set<string>();
    const empty = new Set(subscriptionIds.map((id) => id.toLowerCase()));
    const tokens = new Set<string>();
    for (let skipToken: string | undefined; ; ) {
      const response = await ask(subscriptionIds, skipToken);
      const page = readResourceGraphPage(response.bodyAsText ?? '');
      if (page === undefined) throw new UnreadableAnswerError('the answer is no page of vaults');
      for (const { subscriptionId, vaultUri } of page.vaults) {
        empty.delete(subscriptionId);
        if (vaultUri !== undefined) vaultUrls.add(originOf(vaultUri, allowLoopback));
      }
      skipToken = page.skipToken;
      if (skipToken === undefined)
        return { ok: true, vaultUrls: [...vaultUrls].sort(), emptySubscriptionIds: [...empty] };
      if (tokens.has(skipToken)) throw new UnreadableAnswerError('the same page is said to follow again');
      tokens.add(skipToken);
      const waitMs = spentQuotaMsOf(response.headers);
      if (waitMs !== undefined) await clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS));
    }
  };

  return {
    async discover(subscriptionIds) {
      const seen = `${subscriptionIds.length} subscription${subscriptionIds.length === 1 ? '' : 's'}`;
      try {
        return await discoverAll(subscriptionIds);
      } catch (cause) {
        return discoveryFailure(cause, seen, clock.nowEpochMs());
      }
    },
  };
};

class UnreadableAnswerError extends Error {}

const originOf = (vaultUri: string, allowLoopback: boolean): string => {
  const reading = readVaultUrl(vaultUri, allowLoopback);
  if (reading.ok) return reading.vaultUrl;
  throw new UnreadableAnswerError(reading.problem);
};

const discoveryFailure = (cause: unknown, seen: string, nowEpochMs: number): AzureFailure => {
  const { reason, retryable, httpStatus } =
    cause instanceof UnreadableAnswerError
      ? ({ reason: 'malformed_answer', retryable: true, httpStatus: 200 } as const)
      : readAzureError(cause, nowEpochMs);
  const status = httpStatus === undefined ? '' : `, HTTP ${httpStatus}`;
  return {
    ok: false,
    code: `discovery_${reason}`,
    reason,
    retryable,
    message: `The vaults of ${seen} could not be asked for (${reason}${status}).`,
    action:
      reason === 'forbidden' || reason === 'unauthorized'
        ? "Give Keywatch's scanner identity Key Vault Reader on the subscriptions."
        : 'Named vaults are scanned all the same; if it lasts, name the others too.',
    httpStatus,
    cause,
  };
};

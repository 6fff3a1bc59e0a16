import type { TokenCredential } from '@azure/core-auth';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { SecretClient } from '@azure/keyvault-secrets';
import { loopbackSwitches } from './loopbackSwitches.ts';
import { RefusedRequestError } from './metadataOnlyPolicy.ts';
import { wholeErrorPolicy } from './wholeErrorPolicy.ts';

export interface VaultAccess {
  readonly credential: TokenCredential;
  readonly allowLoopback: boolean;
}

/** Of each single request. */
export const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Bounds every request, and keeps it in the vault: the SDK asks for later pages without their caller's
 * signal, and goes wherever the page before says.
 */
const withinVault = (vaultUrl: string): PipelinePolicy => ({
  name: 'keywatchWithinVaultPolicy',
  async sendRequest(request, next) {
    const { origin } = new URL(request.url);
    if (origin !== new URL(vaultUrl).origin)
      throw new RefusedRequestError(`a request to ${vaultUrl} would go to ${origin}`);
    request.timeout = REQUEST_TIMEOUT_MS;
    return next(request);
  },
});

/** Options of every client that touches a value: one request a call, no redirects, errors with their inner code. */
export const valueClientOptions = (
  vaultUrl: string,
  { allowLoopback }: Pick<VaultAccess, 'allowLoopback'>,
) => ({
  ...loopbackSwitches(vaultUrl, allowLoopback),
  retryOptions: { maxRetries: 0 },
  redirectOptions: { maxRetries: 0 },
  additionalPolicies: [
    { policy: wholeErrorPolicy, position: 'perCall' as const },
    { policy: withinVault(vaultUrl), position: 'perRetry' as const },
  ],
});

/** The secret clients of all vaults, one each, so that each goes through the challenge once. */
export const secretClients = (access: VaultAccess): ((vaultUrl: string) => Promise<SecretClient>) => {
  const clients = new Map<string, Promise<SecretClient>>();
  const open = async (vaultUrl: string): Promise<SecretClient> => {
    const { SecretClient: Client } = await import('@azure/keyvault-secrets');
    return new Client(vaultUrl, access.credential, valueClientOptions(vaultUrl, access));
  };
  return (vaultUrl) => {
    const known = clients.get(vaultUrl) ?? open(vaultUrl);
    clients.set(vaultUrl, known);
    return known;
  };
};

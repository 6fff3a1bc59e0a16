import type { TokenCredential } from '@azure/core-auth';
import type { SecretClient } from '@azure/keyvault-secrets';
import { loopbackSwitches } from './loopbackSwitches.ts';
import { wholeErrorPolicy } from './wholeErrorPolicy.ts';

export interface VaultAccess {
  readonly credential: TokenCredential;
  readonly localMode: boolean;
}

/** Options of every client that touches a value: one request a call, no redirects, errors with their inner code. */
export const valueClientOptions = (vaultUrl: string, localMode: boolean) => ({
  ...loopbackSwitches(vaultUrl, localMode),
  retryOptions: { maxRetries: 0 },
  redirectOptions: { maxRetries: 0 },
  additionalPolicies: [{ policy: wholeErrorPolicy, position: 'perCall' as const }],
});

/** The secret clients of all vaults, one each, so that each goes through the challenge once. */
export const secretClients = ({
  credential,
  localMode,
}: VaultAccess): ((vaultUrl: string) => Promise<SecretClient>) => {
  const clients = new Map<string, Promise<SecretClient>>();
  const open = async (vaultUrl: string): Promise<SecretClient> => {
    const { SecretClient: Client } = await import('@azure/keyvault-secrets');
    return new Client(vaultUrl, credential, valueClientOptions(vaultUrl, localMode));
  };
  return (vaultUrl) => {
    const known = clients.get(vaultUrl) ?? open(vaultUrl);
    clients.set(vaultUrl, known);
    return known;
  };
};

import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { keyVaultAuthenticationPolicy } from '@azure/keyvault-common';
import { REQUEST_TIMEOUT_MS, type VaultAccess, valueClientOptions } from './secretClients.ts';

/** An operation with a private key, by its name in `key_ops`. */
export type KeyOperation = 'sign' | 'unwrapKey';

export interface KeyVersionReference {
  readonly name: string;
  readonly version: string;
}

/** Operations with the keys of one vault. Reject with the SDK's errors, the body of the answer in them. */
export interface KeyOperations {
  unwrapKey(key: KeyVersionReference, wrapped: Uint8Array): Promise<Uint8Array>;
  /** @param digest of the hash that the algorithm (`PS256`) names */
  sign(key: KeyVersionReference, algorithm: string, digest: Uint8Array): Promise<Uint8Array>;
}

/** The oldest version that every cloud has and in which these operations are as they are today. */
const API_VERSION = '7.4';

/**
 * Asks the key's own REST operations, and leaves it to Key Vault whether the key may still be used. The SDK's
 * `CryptographyClient` fetches the key first and refuses an ended one by this machine's clock, although Key
 * Vault goes on unwrapping with it: what was sealed with a key could then never be opened again.
 * One request a call, no redirects, signed in by the vault's challenge like every other client here.
 * @throws when a loopback vault is asked for outside local mode
 * @see https://learn.microsoft.com/rest/api/keyvault/keys/unwrap-key/unwrap-key
 */
export const keyOperations = (vaultUrl: string, access: VaultAccess): KeyOperations => {
  const { additionalPolicies, allowInsecureConnection, disableChallengeResourceVerification, ...options } =
    valueClientOptions(vaultUrl, access);
  const pipeline = createPipelineFromOptions(options);
  for (const { policy, position } of additionalPolicies)
    pipeline.addPolicy(policy, position === 'perRetry' ? { afterPhase: 'Sign' } : {});
  pipeline.addPolicy(
    keyVaultAuthenticationPolicy(access.credential, {
      disableChallengeResourceVerification: disableChallengeResourceVerification ?? false,
    }),
  );
  const httpClient = createDefaultHttpClient();

  const operate = async (
    { name, version }: KeyVersionReference,
    operation: KeyOperation,
    body: { readonly alg: string; readonly value: string },
  ): Promise<Uint8Array> => {
    const path = [name, version, operation.toLowerCase()].map(encodeURIComponent).join('/');
    const request = createPipelineRequest({
      method: 'POST',
      url: `${vaultUrl}/keys/${path}?api-version=${API_VERSION}`,
      headers: createHttpHeaders({ accept: 'application/json', 'content-type': 'application/json' }),
      body: JSON.stringify(body),
      abortSignal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      allowInsecureConnection: allowInsecureConnection ?? false,
    });
    const { bodyAsText } = await pipeline.sendRequest(httpClient, request);
    const { value } = JSON.parse(bodyAsText ?? '') as { readonly value?: unknown };
    if (typeof value !== 'string') throw new Error(`Key Vault's answer to ${operation} holds no value`);
    return Buffer.from(value, 'base64url');
  };

  return {
    unwrapKey: (key, wrapped) =>
      operate(key, 'unwrapKey', { alg: 'RSA-OAEP-256', value: Buffer.from(wrapped).toString('base64url') }),
    sign: (key, alg, digest) =>
      operate(key, 'sign', { alg, value: Buffer.from(digest).toString('base64url') }),
  };
};

/** The operations of all vaults, one client each, so that each goes through the challenge once. */
export const keyOperationsOfVaults = (access: VaultAccess): ((vaultUrl: string) => KeyOperations) => {
  const clients = new Map<string, KeyOperations>();
  return (vaultUrl) => {
    const known = clients.get(vaultUrl) ?? keyOperations(vaultUrl, access);
    clients.set(vaultUrl, known);
    return known;
  };
};

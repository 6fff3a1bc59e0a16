import { randomUUID } from 'node:crypto';
import type { TokenCredential } from '@azure/core-auth';
import type { ValueAccess, ValueAccessProbe } from '../ports/valueAccess.ts';
import { loopbackSwitches } from './loopbackSwitches.ts';

export interface KeyVaultValueAccessOptions {
  readonly credential: TokenCredential;
  /** True against stand-ins on this machine only. */
  readonly localMode?: boolean;
}

/**
 * Asks each vault for a secret that cannot exist. Key Vault authorizes before it looks: 404 means that
 * a value would have been handed out, 403 that none would.
 */
export const keyVaultValueAccess = ({
  credential,
  localMode = false,
}: KeyVaultValueAccessOptions): ValueAccessProbe => ({
  async mayReadValues(vaultUrl) {
    const { SecretClient } = await import('@azure/keyvault-secrets');
    const client = new SecretClient(vaultUrl, credential, {
      ...loopbackSwitches(vaultUrl, localMode),
      retryOptions: { maxRetries: 0 },
      redirectOptions: { maxRetries: 0 },
    });
    try {
      await client.getSecret(`keywatch-access-check-${randomUUID()}`);
      return 'allowed';
    } catch (error) {
      return accessOf((error as { statusCode?: unknown }).statusCode);
    }
  },
});

const accessOf = (httpStatus: unknown): ValueAccess => {
  if (httpStatus === 404) return 'allowed';
  return httpStatus === 403 || httpStatus === 401 ? 'denied' : 'unknown';
};

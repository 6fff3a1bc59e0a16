import { randomUUID } from 'node:crypto';
import { type VaultAccess, valueClientOptions } from '../../azure/secretClients.ts';
import type { ValueAccess, ValueAccessProbe } from '../ports.ts';

/**
 * Asks each vault for a secret that cannot exist. Key Vault authorizes before it looks: 404 means that
 * a value would have been handed out, 403 that none would.
 */
export const keyVaultValueAccess = (access: VaultAccess): ValueAccessProbe => ({
  async mayReadValues(vaultUrl) {
    const { SecretClient } = await import('@azure/keyvault-secrets');
    const client = new SecretClient(vaultUrl, access.credential, valueClientOptions(vaultUrl, access));
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

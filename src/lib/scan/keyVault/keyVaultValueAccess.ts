import { randomUUID } from 'node:crypto';
import { type VaultAccess, valueClientOptions } from '../../azure/secretClients.ts';
import type { ValueAccess, ValueAccessProbe } from '../ports.ts';

/**
 * Asks each vault for a secret, or a version of one, that cannot exist. Key Vault authorizes before it looks: 404
 * means that a value would have been handed out, 403 that none would.
 */
export const keyVaultValueAccess = (access: VaultAccess): ValueAccessProbe => {
  const ask = async (vaultUrl: string, name: string, version?: string): Promise<ValueAccess> => {
    const { SecretClient } = await import('@azure/keyvault-secrets');
    const client = new SecretClient(vaultUrl, access.credential, valueClientOptions(vaultUrl, access));
    try {
      await client.getSecret(name, version === undefined ? {} : { version });
      return 'allowed';
    } catch (error) {
      return accessOf((error as { statusCode?: unknown }).statusCode);
    }
  };
  return {
    mayReadValues: (vaultUrl) => ask(vaultUrl, `keywatch-access-check-${randomUUID()}`),
    mayReadValue: ({ vaultUrl, name }) => ask(vaultUrl, name, randomUUID().replaceAll('-', '')),
  };
};

const accessOf = (httpStatus: unknown): ValueAccess => {
  if (httpStatus === 404) return 'allowed';
  return httpStatus === 403 || httpStatus === 401 ? 'denied' : 'unknown';
};

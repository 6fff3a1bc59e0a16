import type { KeyVaultClientCredentialsOptions } from '../oauth/keyVault/keyVaultClientCredentials.ts';
import type { ClientCredentialStore } from '../oauth/ports.ts';
import { openedOnUse } from './openedOnUse.ts';

/** The clients' credentials in Key Vault, for whoever refreshes or proves. */
export const clientCredentialStore = (vault: KeyVaultClientCredentialsOptions): ClientCredentialStore =>
  openedOnUse<ClientCredentialStore>(
    { readSecret: true, openSigner: true, identityToken: true },
    async () => {
      const { keyVaultClientCredentials } = await import('../oauth/keyVault/keyVaultClientCredentials.ts');
      return keyVaultClientCredentials(vault);
    },
  );

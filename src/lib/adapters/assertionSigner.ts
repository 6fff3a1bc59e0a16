import type { CryptographyClient } from '@azure/keyvault-keys';
import type { AssertionSigner } from '../ports/authorizationServer.ts';

export interface SignerNames {
  readonly algorithm: AssertionSigner['algorithm'];
  readonly keyId?: string | undefined;
  readonly certificateThumbprintSha256?: string | undefined;
}

/** Signs with a key that never leaves Key Vault; needs the `keys/sign` permission. */
export const keyVaultSigner = (
  client: Pick<CryptographyClient, 'signData'>,
  names: SignerNames,
): AssertionSigner => ({
  ...names,
  sign: async (signingInput) => (await client.signData(names.algorithm, signingInput)).result,
});

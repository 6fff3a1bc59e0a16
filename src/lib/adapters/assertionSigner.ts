import type { AssertionSigner } from '../ports/authorizationServer.ts';

export interface SignerNames {
  readonly algorithm: AssertionSigner['algorithm'];
  readonly keyId?: string | undefined;
  readonly certificateThumbprintSha256?: string | undefined;
}

/** One key that signs where it is kept. */
export interface DataSigner {
  signData(
    algorithm: AssertionSigner['algorithm'],
    data: Uint8Array,
  ): Promise<{ readonly result: Uint8Array }>;
}

/** Signs with a key that never leaves Key Vault; needs the `keys/sign` permission. */
export const keyVaultSigner = (client: DataSigner, names: SignerNames): AssertionSigner => ({
  ...names,
  sign: async (signingInput) => (await client.signData(names.algorithm, signingInput)).result,
});

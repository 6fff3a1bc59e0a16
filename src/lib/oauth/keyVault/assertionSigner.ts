import { createHash } from 'node:crypto';
import type { AssertionSigner } from '../ports.ts';
import { hashOf } from '../rules/assertionAlgorithm.ts';

export interface SignerNames {
  readonly algorithm: AssertionSigner['algorithm'];
  readonly keyId?: string | undefined;
  readonly certificateThumbprintSha256?: string | undefined;
}

/** Signs a digest with one key where it is kept. */
export type SignDigest = (algorithm: AssertionSigner['algorithm'], digest: Uint8Array) => Promise<Uint8Array>;

/** Signs with a key that never leaves Key Vault; needs the `keys/sign` permission. */
export const keyVaultSigner = (signDigest: SignDigest, names: SignerNames): AssertionSigner => ({
  ...names,
  sign: (signingInput) =>
    signDigest(names.algorithm, createHash(hashOf(names.algorithm)).update(signingInput).digest()),
});

import { constants, createPrivateKey, sign as signBytes } from 'node:crypto';
import type { SignerNames } from '../../src/lib/oauth/keyVault/assertionSigner.ts';
import type { AssertionSigner } from '../../src/lib/oauth/ports.ts';
import { hashOf } from '../../src/lib/oauth/rules/assertionAlgorithm.ts';

const RSA_PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/** Signs with a private key in PEM. */
export const pemSigner = (pem: string, names: SignerNames): AssertionSigner => {
  const key = createPrivateKey(pem);
  return {
    ...names,
    sign: async (signingInput) =>
      signBytes(hashOf(names.algorithm), signingInput, {
        key,
        ...(names.algorithm.startsWith('PS') ? RSA_PSS : {}),
        // JOSE wants r and s side by side, not DER.
        ...(names.algorithm.startsWith('ES') ? { dsaEncoding: 'ieee-p1363' as const } : {}),
      }),
  };
};

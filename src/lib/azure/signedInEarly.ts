import type { TokenCredential } from '@azure/core-auth';
import { within } from '../kernel/within.ts';

/** Longer than an endpoint that answers takes; one that does not is asked again. */
const MOST_WAITED_MS = 1_000;

/**
 * A credential that keeps its tokens, and asks for that of one scope at once: it comes while the SDK that needs it is
 * loaded. Whoever asks meanwhile waits for it, instead of asking for another.
 */
export const signedInEarly = (credential: TokenCredential, scope: string): TokenCredential => {
  const asked = within(MOST_WAITED_MS, credential.getToken(scope));
  return {
    async getToken(...request) {
      await asked;
      return credential.getToken(...request);
    },
  };
};

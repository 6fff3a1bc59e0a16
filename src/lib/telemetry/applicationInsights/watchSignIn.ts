import type { TokenCredential } from '@azure/core-auth';
import type { Clock } from '../../kernel/clock.ts';

/**
 * The same credential; `onFailure` is reported when it fails while no earlier token is valid any more. The SDK
 * signs in outside of every policy it lets us add, so a batch lost for want of a token shows nowhere else.
 */
export const watchSignIn = (
  credential: TokenCredential,
  clock: Clock,
  onFailure: () => void,
): TokenCredential => {
  let validUntilEpochMs = 0;
  return {
    async getToken(...request) {
      try {
        const token = await credential.getToken(...request);
        validUntilEpochMs = token?.expiresOnTimestamp ?? 0;
        return token;
      } catch (error) {
        if (clock.nowEpochMs() >= validUntilEpochMs) onFailure();
        throw error;
      }
    },
  };
};

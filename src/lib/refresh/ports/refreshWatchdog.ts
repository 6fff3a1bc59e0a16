import type { StoreFailure } from '../../kernel/storeFailure.ts';

/**
 * A message to ourselves that arrives later: "look whether this grant's refresh ended". It is what
 * brings a second worker inside a provider's grace window after the first one crashed.
 *
 * Guaranteed: an acknowledged message is delivered at least once, not before `delaySeconds`.
 *
 * Not guaranteed: exactly once, nor soon after the delay. It cannot be called back: it arrives
 * after a refresh that went well too, and must then find nothing to do.
 */
export interface RefreshWatchdog {
  arm(grantId: string, delaySeconds: number): Promise<{ readonly ok: true } | StoreFailure>;
}

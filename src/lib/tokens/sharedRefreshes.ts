import type { AccessTokenWish, RefreshOutcome } from '../refresh/refresher.ts';
import { oneAtATime } from './oneAtATime.ts';
import type { TokensPorts } from './ports.ts';

/** A grant whose refresh ended without a token is not refreshed again by this process for so long. */
export const TROUBLE_MS = 5_000;

/** `busy`: another instance is at it, or it takes longer than anybody waits. */
export type RefreshEnd = 'ended' | 'busy';

interface Trouble {
  readonly atMs: number;
  readonly untilEpochMs: number;
}

export interface SharedRefreshes {
  /** Refreshes, or joins who does. It goes on though nobody waits for it any more: its answer may take minutes. */
  within(timeoutMs: number, grantId: string, wish: AccessTokenWish): Promise<RefreshEnd>;
  /**
   * Of a grant whose last refresh ended without a token, and just now: until when the end of that attempt is waited
   * for; 0: nobody knows. Absent: there is no trouble.
   */
  troubleUntilEpochMs(grantId: string): number | undefined;
}

/** Outcomes after which the record says more. */
const READ_AGAIN: ReadonlySet<RefreshOutcome['kind']> = new Set(['refreshed', 'recovered', 'not_due']);

/** One refresh of a grant for all who need one in this process. */
export const sharedRefreshes = ({
  clock,
  refresher,
}: Pick<TokensPorts, 'clock' | 'refresher'>): SharedRefreshes => {
  const trouble = new Map<string, Trouble>();
  const refresh = oneAtATime(async (grantId, wish: AccessTokenWish): Promise<RefreshEnd> => {
    const outcome = await refresher.refreshAccessToken(grantId, wish);
    if (outcome?.kind === 'busy') return 'busy';
    const untilEpochMs = outcome?.kind === 'waiting' ? outcome.untilEpochMs : 0;
    if (outcome !== undefined && READ_AGAIN.has(outcome.kind)) trouble.delete(grantId);
    else trouble.set(grantId, { atMs: clock.monotonicMs(), untilEpochMs });
    return 'ended';
  });
  return {
    async within(timeoutMs, grantId, wish) {
      const waiting = new AbortController();
      const late = clock.sleep(timeoutMs, waiting.signal).then(
        () => 'busy' as const,
        () => 'busy' as const,
      );
      try {
        return await Promise.race([refresh(grantId, wish), late]);
      } finally {
        waiting.abort();
      }
    },
    troubleUntilEpochMs(grantId) {
      const known = trouble.get(grantId);
      return known !== undefined && clock.monotonicMs() - known.atMs < TROUBLE_MS
        ? known.untilEpochMs
        : undefined;
    },
  };
};

import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { RefreshTrigger } from '../../oauth/rules/grant.ts';

/** "Look at this grant": what the refresh queue carries. It holds no decision: the worker decides again. */
export interface RefreshMessage {
  readonly grantId: string;
  readonly trigger: RefreshTrigger;
  /** Why, for people. */
  readonly reason: string;
}

/**
 * Hands a grant to a worker.
 *
 * Guaranteed: delivered at least once, not before `delaySeconds`, and not for the first time later than
 * `lapsesAfterSeconds` by the queue's own clock (absent: within days): what nobody took until then is
 * gone. Not guaranteed: order, exactly once, or that only one worker has a message for a grant. A
 * message that is sent twice is harmless; one that lapsed is sent again by the timer.
 */
export interface RefreshDispatch {
  send(
    message: RefreshMessage,
    delaySeconds: number,
    lapsesAfterSeconds?: number,
  ): Promise<{ readonly ok: true } | StoreFailure>;
}

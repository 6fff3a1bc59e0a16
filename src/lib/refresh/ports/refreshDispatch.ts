import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { RefreshMessage } from '../rules/refreshMessage.ts';

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

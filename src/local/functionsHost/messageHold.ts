import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { Clock } from '../../lib/kernel/clock.ts';

/**
 * Keeps a message invisible to others for as long as it is being worked on.
 * @returns what ends that, and gives the pop receipt that is good then
 */
export const holdMessage = (
  queue: QueueClient,
  { messageId, popReceipt }: DequeuedMessageItem,
  { clock, holdSeconds }: { readonly clock: Clock; readonly holdSeconds: number },
): (() => Promise<string>) => {
  const ended = new AbortController();
  let receipt = popReceipt;
  const renew = async () => {
    while (!ended.signal.aborted) {
      await clock.sleep((holdSeconds * 1000) / 2, ended.signal);
      const renewed = await queue.updateMessage(messageId, receipt, undefined, holdSeconds);
      receipt = renewed.popReceipt ?? receipt;
    }
  };
  // A renewal that fails means that the message is lost to somebody else: settling it will say so.
  const renewing = renew().catch(() => undefined);
  return async () => {
    ended.abort();
    await renewing;
    return receipt;
  };
};

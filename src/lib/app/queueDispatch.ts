import { type MessageQueue, sendMessage } from '../azure/queueMessages.ts';
import { REFRESH_QUEUE, SCAN_QUEUE } from '../azure/queues.ts';
import { storageActions } from '../azure/storeActions.ts';
import type { RefreshDispatch, RefreshWatchdog } from '../refresh/ports.ts';
import type { ScanDispatch } from '../scan/ports.ts';

const actionsOf = (queue: string) =>
  storageActions({
    what: `the queue ${queue}`,
    setting: 'KEYWATCH_QUEUE_SERVICE_URL',
    role: 'Storage Queue Data Contributor',
  });

/** Messages to the refresh worker over a Storage queue. */
export const queueDispatch = (queue: MessageQueue): RefreshDispatch => ({
  send: (message, delaySeconds, lapsesAfterSeconds) =>
    sendMessage(queue, {
      store: 'dispatch',
      what: `queue a look at grant ${message.grantId}`,
      actions: actionsOf(REFRESH_QUEUE),
      message,
      delaySeconds,
      lapsesAfterSeconds,
    }),
});

/** The watchdog's message over the same queue, hidden until its time. */
export const queueWatchdog = (queue: MessageQueue): RefreshWatchdog => ({
  arm: (grantId, delaySeconds) =>
    sendMessage(queue, {
      store: 'watchdog',
      what: `queue a look at grant ${grantId}`,
      actions: actionsOf(REFRESH_QUEUE),
      message: { grantId, trigger: 'watchdog', reason: 'a refresh was begun and may not have ended' },
      delaySeconds,
    }),
});

/** Messages to the scan worker over its own queue. */
export const queueScanDispatch = (queue: MessageQueue): ScanDispatch => ({
  send: (request) =>
    sendMessage(queue, {
      store: 'dispatch',
      what: `queue the scan of ${request.target}`,
      actions: actionsOf(SCAN_QUEUE),
      message: request,
      delaySeconds: 0,
    }),
});

import type { Clock } from '../../src/lib/kernel/clock.ts';
import type { RefreshMessage } from '../../src/lib/refresh/rules/refreshMessage.ts';

/**
 * A queue like that of the storage account: a message is seen from its own moment on, those that can be
 * seen come in the order of those moments, and one that lapsed is gone. Messages are kept to the end, so
 * that an emptying queue does not make the memory of a run look smaller than it is.
 */
export const delayQueue = (time: Pick<Clock, 'monotonicMs' | 'sleep'>) => {
  const visible: { readonly message: RefreshMessage; readonly lapsesAtMs: number }[] = [];
  const waiting: (() => void)[] = [];
  let next = 0;
  let hidden = 0;
  let isOpen = true;
  const wakeAll = () => {
    for (const wake of waiting.splice(0)) wake();
  };
  const taken = async (): Promise<RefreshMessage | undefined> => {
    for (;;) {
      const sent = visible[next];
      if (sent !== undefined) {
        next += 1;
        if (sent.lapsesAtMs > time.monotonicMs()) return sent.message;
      } else if (isOpen || hidden > 0) {
        await new Promise<void>((wake) => void waiting.push(wake));
      } else {
        return undefined;
      }
    }
  };
  return {
    send(message: RefreshMessage, delaySeconds: number, lapsesAfterSeconds = Number.POSITIVE_INFINITY): void {
      const lapsesAtMs = time.monotonicMs() + lapsesAfterSeconds * 1000;
      const show = () => {
        visible.push({ message, lapsesAtMs });
        wakeAll();
      };
      if (delaySeconds === 0) {
        show();
      } else {
        hidden += 1;
        time.sleep(delaySeconds * 1000).then(() => {
          hidden -= 1;
          show();
        });
      }
    },
    /** Nothing more is sent. */
    close(): void {
      isOpen = false;
      wakeAll();
    },
    /** Lets so many workers take messages until there are none and none are coming. */
    async drain(workers: number, work: (message: RefreshMessage) => Promise<void>): Promise<void> {
      const worker = async () => {
        for (let message = await taken(); message !== undefined; message = await taken()) await work(message);
      };
      await Promise.all(Array.from({ length: workers }, worker));
    },
  };
};

export interface PacedQueueOptions<T> {
  readonly handOver: (item: T) => void;
  /** Empties what was handed over; must not be called twice at once. */
  readonly flush: () => Promise<void>;
  /** Below what the receiver holds (it drops the rest without a word). */
  readonly mostUnflushed: number;
  /** Items that wait here at most; more are dropped and `onDrop` is reported. */
  readonly mostWaiting: number;
  readonly onDrop: () => void;
}

export interface PacedQueue<T> {
  add(item: T): void;
  /** Resolves when all that was added before has been handed over and flushed. */
  drain(): Promise<void>;
}

/**
 * Hands items to a receiver with a small buffer no faster than it empties it. The SDK's batch processors
 * hold 2,048 items and drop the next one silently; a daily inventory is a burst of tens of thousands.
 */
export const createPacedQueue = <T>(options: PacedQueueOptions<T>): PacedQueue<T> => {
  const { handOver, flush, mostUnflushed, mostWaiting, onDrop } = options;
  let waiting: T[] = [];
  let unflushed = 0;
  let pumping: Promise<void> | undefined;

  const handOverSome = () => {
    const room = mostUnflushed - unflushed;
    for (const item of waiting.slice(0, room)) handOver(item);
    unflushed += Math.min(room, waiting.length);
    waiting = waiting.slice(room);
  };

  const pump = async () => {
    do {
      handOverSome();
      const included = unflushed;
      await flush();
      unflushed -= included;
    } while (waiting.length > 0);
  };
  const startPump = () => {
    pumping ??= pump().finally(() => {
      pumping = undefined;
    });
    return pumping;
  };

  return {
    add(item) {
      if (waiting.length === 0 && unflushed < mostUnflushed) {
        unflushed += 1;
        handOver(item);
        return;
      }
      if (waiting.length >= mostWaiting) return onDrop();
      waiting.push(item);
      void startPump();
    },
    async drain() {
      // A pump that is under way may have passed the items added since: it is let finish first.
      await pumping;
      await startPump();
    },
  };
};

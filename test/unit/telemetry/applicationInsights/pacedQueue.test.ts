import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacedQueue } from '../../../../src/lib/telemetry/applicationInsights/pacedQueue.ts';

/** A receiver like the SDK's batch processor: it holds so many, and loses the next one in silence. */
const receiver = (holds: number) => {
  let held: number[] = [];
  const received: number[] = [];
  return {
    received,
    handOver: (item: number) => {
      if (held.length < holds) held.push(item);
    },
    flush: async () => {
      const batch = held;
      held = [];
      await Promise.resolve();
      received.push(...batch);
    },
  };
};

describe('a paced queue', () => {
  it('delivers every item once and in order, however they come', async () => {
    const bursts = fc.array(fc.record({ size: fc.nat(40), drain: fc.boolean() }), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(bursts, async (given) => {
        const { received, handOver, flush } = receiver(8);
        const onDrop = () => expect.unreachable();
        const queue = createPacedQueue({ handOver, flush, mostUnflushed: 8, mostWaiting: 1_000, onDrop });
        let next = 0;
        for (const { size, drain } of given) {
          for (let count = 0; count < size; count += 1) queue.add(next++);
          if (drain) await queue.drain();
          else await Promise.resolve();
        }
        await queue.drain();
        expect(received).toEqual(Array.from({ length: next }, (_, index) => index));
      }),
    );
  });

  it('keeps what waits within its bound and reports each item beyond', () => {
    let dropped = 0;
    const queue = createPacedQueue<number>({
      handOver: () => undefined,
      flush: () => new Promise(() => {}),
      mostUnflushed: 10,
      mostWaiting: 5,
      onDrop: () => {
        dropped += 1;
      },
    });
    for (let item = 0; item < 100; item += 1) queue.add(item);
    expect(dropped).toBe(85);
  });
});

import type { Invocation, Invoker } from './invoker.ts';
import type { QueueTrigger } from './queueTrigger.ts';
import type { TimerTrigger } from './timerTrigger.ts';

export interface RunReport {
  readonly timers: readonly Invocation[];
  readonly messages: number;
}

/** Fires each timer in turn; after each, works off all queues, and what that brings, until they are quiet. */
export const runOnce = async (
  timers: readonly TimerTrigger[],
  queues: readonly QueueTrigger[],
  invoker: Invoker,
): Promise<RunReport> => {
  const fired: Invocation[] = [];
  let messages = timers.length === 0 ? await drainAll(queues) : 0;
  for (const timer of timers) {
    fired.push(await timer.fire());
    messages += await drainAll(queues);
  }
  await invoker.idle();
  return { timers: fired, messages };
};

/** One function's messages may bring another's, so it ends with a pass that found nothing anywhere. */
const drainAll = async (queues: readonly QueueTrigger[]): Promise<number> => {
  let total = 0;
  for (;;) {
    const drained = await Promise.all(queues.map((queue) => queue.drain()));
    const count = drained.reduce((sum, messages) => sum + messages, 0);
    total += count;
    if (count === 0) return total;
  }
};

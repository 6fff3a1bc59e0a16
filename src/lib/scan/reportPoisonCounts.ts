import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { PoisonCount } from './ports.ts';

/** Reports how much work was given up on, zeros too; a queue that could not be asked is reported as that. */
export const reportPoisonCounts = (
  telemetry: Pick<Telemetry, 'metric' | 'failure'>,
  counts: readonly (PoisonCount | StoreFailure)[],
): void => {
  for (const count of counts) {
    if (count.ok) telemetry.metric('keywatch.queue.poison', count.messages, { queue: count.queue });
    else telemetry.failure(count);
  }
};

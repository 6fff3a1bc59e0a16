import type { StoreFailure } from '../kernel/storeFailure.ts';
import { reportStoreFailure } from '../telemetry//reportStoreFailure.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { PoisonCount } from './ports/poisonQueues.ts';

const ACTION =
  "Give Keywatch's refresher identity its role on the queues again. Until then nobody learns of work that is given up on.";

/** Reports how much work was given up on, zeros too; a queue that could not be asked is reported as that. */
export const reportPoisonCounts = (
  telemetry: Pick<Telemetry, 'metric' | 'exception'>,
  counts: readonly (PoisonCount | StoreFailure)[],
): void => {
  for (const count of counts) {
    if (count.ok) telemetry.metric('keywatch.queue.poison', count.messages, { queue: count.queue });
    else reportStoreFailure(telemetry, count, ACTION);
  }
};

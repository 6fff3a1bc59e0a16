import { type Crowd, metric, run } from '../../../test/infra/crowd.ts';
import { hour, type Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [
  run(n, 5, { deployment: `d-${n}` }),
  metric('queue.poison', { deployment: `d-${n}`, queue: 'keywatch-scan-poison' }),
];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a message lies in a poison queue',
    happened: (t) => t.metric('keywatch.queue.poison', 20, 2),
    fires: { 'poison-queue': [{ Queue: 'keywatch-scan-poison' }] },
    says: { digest: /"Open":"queues of work given up on: 1"/ },
  },
  {
    name: 'the poison queues could not be counted in two runs',
    happened: (t) => {
      t.metric('keywatch.queue.poison', 130, 0);
      t.uncounted(70);
      t.uncounted(10);
    },
    fires: { 'poison-queue': [{ Queue: 'keywatch-scan-poison' }, { Queue: 'keywatch-refresh-poison' }] },
  },
  {
    name: 'the poison queues could not be counted in one run, twice, and could in the next',
    happened: (t) => {
      for (const minutesAgo of [190, 130, 130]) t.uncounted(minutesAgo);
      t.metric('keywatch.queue.poison', 70, 0);
      t.uncounted(10);
      t.uncounted(10);
    },
    fires: {},
  },
  {
    name: 'the poison queues are empty',
    spares: ['poison-queue'],
    happened: (t) => t.metric('keywatch.queue.poison', 20, 0),
    fires: {},
  },
  {
    name: 'vaults are scanned every six hours, and twice in a row the poison queues could not be counted',
    happened: (t) => {
      t.metric('keywatch.queue.poison', 15 * hour, 0);
      t.uncounted(9 * hour);
      t.uncounted(3 * hour);
    },
    fires: { 'poison-queue': [{ Queue: 'keywatch-scan-poison' }, { Queue: 'keywatch-refresh-poison' }] },
  },
];

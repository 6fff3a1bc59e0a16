import { app } from '../../lib/app/app.ts';
import { REFRESH_QUEUE } from '../../lib/azure/queues.ts';
import { UsageError } from '../../lib/kernel/usageError.ts';
import type { LocalApp } from '../../local/localApp.ts';

/** Ends a grant of the company at its provider, and has the app find out at once instead of in half the grant's life. */
export const breakGrantOf =
  ({ grants, host }: Pick<LocalApp, 'grants' | 'host'>) =>
  async (grantId: string): Promise<string> => {
    const server = grants.serverOf.get(grantId);
    if (server === undefined)
      throw new UsageError(
        `--break: there is no grant of that name to end; there are ${[...grants.serverOf.keys()].join(', ')}`,
      );
    const { refresh } = await (await app()).connections();
    if (refresh === undefined) throw new Error('nothing is refreshed here');
    server.endConsents();
    const reason = 'its consent was ended by npm start -- --break';
    const sent = await refresh.dispatch.send({ grantId, trigger: 'manual', reason }, 0);
    if (!sent.ok) throw new Error(sent.message);
    for (const queue of host.queues) if (queue.queueName === REFRESH_QUEUE) queue.wake();
    return `The consent of ${grantId} was taken back at ${server.name}, as an administrator there may. Keywatch looks at it now: its alert comes up where npm start runs.`;
  };

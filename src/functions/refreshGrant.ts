import { app, type InvocationContext } from '@azure/functions';
import { finishRefreshes, refresher } from '../lib/app/refresher.ts';
import { REFRESH_QUEUE } from '../lib/azure/queues.ts';
import { printable } from '../lib/kernel/printable.ts';
import { isPersonsWish } from '../lib/oauth/rules/refreshTriggers.ts';

/** Refreshes the grant of one message, if it is still due. Whatever comes of it is reported: nothing known rejects. */
export const refreshGrant = async (message: unknown, context: InvocationContext): Promise<void> => {
  // What reads it is loaded with the first message: no start pays for the schemas.
  const { readRefreshMessage } = await import('../lib/refresh/rules/refreshMessage.ts');
  const { grantId, trigger } = readRefreshMessage(message);
  // Whoever may write into the queue may have a grant looked at, and nothing that a worker would not decide itself.
  if (isPersonsWish(trigger))
    return context.warn(`grant ${printable(grantId, 64)}: ${trigger} is for npm run refresh: nothing done`);
  const { refresh } = await refresher();
  const outcome = await refresh(message);
  // Rejected, a message comes back in half a minute, to an instance that stays.
  if (outcome?.kind === 'stopped') throw new Error('this instance is about to end: nothing was sent');
  context.log(`grant ${printable(grantId, 64)}: ${outcome?.kind ?? 'no longer configured'}`);
};

app.storageQueue('refreshGrant', {
  queueName: REFRESH_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: refreshGrant,
});

/** The host gives five seconds and then kills: what can be stored by then is. */
app.hook.appTerminate(finishRefreshes);

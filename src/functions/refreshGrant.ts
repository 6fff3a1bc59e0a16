import { app, type InvocationContext } from '@azure/functions';
import { composed, keywatch } from '../lib/compose.ts';
import { REFRESH_QUEUE } from '../lib/domain/queues.ts';

/** Refreshes the grant of one message, if it is still due. Whatever comes of it is told: nothing known rejects. */
export const refreshGrant = async (message: unknown, context: InvocationContext): Promise<void> => {
  const outcome = await (await keywatch()).refresher.refresh(message);
  context.log(outcome === undefined ? 'the grant is no longer configured' : `outcome: ${outcome.kind}`);
};

app.storageQueue('refreshGrant', {
  queueName: REFRESH_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: refreshGrant,
});

/** An exchange in flight is the one thing that must not be cut off. */
app.hook.appTerminate(async () => {
  await composed()?.refresher.settled();
});

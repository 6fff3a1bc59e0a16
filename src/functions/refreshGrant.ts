import { app, type InvocationContext } from '@azure/functions';
import { composed, keywatch } from '../lib/compose.ts';
import { printable } from '../lib/domain/printable.ts';
import { REFRESH_QUEUE } from '../lib/domain/queues.ts';
import { readRefreshMessage } from '../lib/domain/refreshMessage.ts';

/** Refreshes the grant of one message, if it is still due. Whatever comes of it is told: nothing known rejects. */
export const refreshGrant = async (message: unknown, context: InvocationContext): Promise<void> => {
  const { grantId } = readRefreshMessage(message);
  const outcome = await (await keywatch()).refresher.refresh(message);
  context.log(`grant ${printable(grantId, 64)}: ${outcome?.kind ?? 'no longer configured'}`);
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

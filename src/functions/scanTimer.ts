import { app, type InvocationContext, output, type Timer } from '@azure/functions';
import { scanner } from '../lib/app/scanner.ts';
import { scheduleOf } from '../lib/app/schedule.ts';
import { SCAN_QUEUE } from '../lib/azure/queues.ts';
import { lastRunOf, periodSecondsOf } from './timerRuns.ts';

const scanMessages = output.storageQueue({ queueName: SCAN_QUEUE, connection: 'AzureWebJobsStorage' });

/** Puts one message per target into the queue: the host spreads the scans, and two hosts that run at once do no harm. */
export const scanTimer = async (timer: Timer, context: InvocationContext): Promise<void> => {
  const { startRun } = await scanner();
  const requests = await startRun(lastRunOf(timer), periodSecondsOf(timer));
  context.extraOutputs.set(scanMessages, requests);
  context.log(`asked for the scan of ${requests.length} targets`);
};

app.timer('scanTimer', {
  schedule: scheduleOf('KEYWATCH_SCAN_SCHEDULE'),
  handler: scanTimer,
  extraOutputs: [scanMessages],
});

import { app, type InvocationContext } from '@azure/functions';
import { scanner } from '../lib/app/scanner.ts';
import { SCAN_QUEUE } from '../lib/azure/queues.ts';
import { printable } from '../lib/kernel/printable.ts';
import { readScanRequest } from '../lib/scan/rules/scanRequest.ts';

/** From here on a failing target waits for the next run: its failure is reported already, and poison would say nothing new. */
const LAST_ATTEMPT = 3;

/** Scans the target of one message. Rejects to be tried again while waiting may help. */
export const scanTarget = async (message: unknown, context: InvocationContext): Promise<void> => {
  const request = readScanRequest(message);
  const { watches, run } = await scanner();
  // Whoever may write into the queue may name any target: the scanner's token is for those that are watched.
  if (!(await watches(request)))
    return context.warn(`${printable(request.target, 200)} is not watched: not scanned`);
  const scan = await run(request);
  context.log(
    `scan of ${scan.vault}: ${scan.outcome}, ${scan.counts.objects} credentials, ${scan.pages} pages`,
  );
  const attempt = Number(context.triggerMetadata?.['dequeueCount'] ?? 1);
  if (scan.failure?.retryable === true && attempt < LAST_ATTEMPT) throw new Error(scan.failure.message);
};

app.storageQueue('scanTarget', {
  queueName: SCAN_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: scanTarget,
});

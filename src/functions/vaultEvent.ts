import { app, type InvocationContext } from '@azure/functions';
import { scanner } from '../lib/app/scanner.ts';
import { eventsOf } from '../lib/scan/rules/vaultEvent.ts';

/**
 * Looks at the objects that Key Vault speaks of now, instead of waiting for the next scan: one event a call, or
 * the batch that a subscription with output batching sends.
 */
export const vaultEvent = async (delivered: unknown, context: InvocationContext): Promise<void> => {
  const { inspect } = await scanner();
  const again: string[] = [];
  for (const event of eventsOf(delivered)) {
    const outcome = await inspect(event);
    if (outcome.ok) continue;
    context.warn(outcome.message);
    if (outcome.retryable) again.push(outcome.message);
  }
  // Event Grid delivers again what is rejected: worth it only where waiting may help.
  if (again.length > 0) throw new Error(again.join(' '));
};

app.eventGrid('vaultEvent', { handler: vaultEvent });

import { app, type EventGridEvent, type InvocationContext } from '@azure/functions';
import { keywatch } from '../lib/compose.ts';

/** Looks at the one object that Key Vault speaks of now, instead of waiting for the next scan. */
export const vaultEvent = async (event: EventGridEvent, context: InvocationContext): Promise<void> => {
  const outcome = await (await keywatch()).lookAndTell(event);
  if (outcome.ok) return;
  context.warn(outcome.problem);
  // Event Grid delivers again what is rejected: worth it only where waiting may help.
  if (outcome.permanence === 'transient') throw new Error(outcome.problem);
};

app.eventGrid('vaultEvent', { handler: vaultEvent });

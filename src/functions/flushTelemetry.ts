import { app } from '@azure/functions';
import { openedConnections } from '../lib/app/app.ts';

/** Below the five seconds that the host gives a worker that has to go. */
const FLUSH_TIMEOUT_MS = 4_000;

/** An instance may be frozen as soon as a function returns: what it told is sent before that. */
app.hook.postInvocation(async (context) => {
  const outcome = await openedConnections()?.telemetry.flush(FLUSH_TIMEOUT_MS);
  if (outcome?.finished === false)
    context.invocationContext.warn('telemetry was not sent within its time limit');
});

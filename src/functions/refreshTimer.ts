import { app, type InvocationContext, type Timer } from '@azure/functions';
import { keywatch, scheduleOf } from '../lib/compose.ts';
import { lastTickOf, secondsToNextTick } from './tick.ts';

/** Asks for a refresh of every grant that is due. It decides and spends nothing: two hosts that tick at once do no harm. */
export const refreshTimer = async (timer: Timer, context: InvocationContext): Promise<void> => {
  const { refresher } = await keywatch();
  const { looked, sent, failed } = await refresher.startRound(lastTickOf(timer), secondsToNextTick(timer));
  for (const { grantId, reason } of sent) context.log(`grant ${grantId}: ${reason}`);
  if (failed > 0) context.warn(`${failed} of ${looked} grants could not be looked at`);
};

app.timer('refreshTimer', { schedule: scheduleOf('KEYWATCH_REFRESH_SCHEDULE'), handler: refreshTimer });

import { app, type InvocationContext, type Timer } from '@azure/functions';
import { refresher } from '../lib/app/refresher.ts';
import { scanner } from '../lib/app/scanner.ts';
import { scheduleOf } from '../lib/app/schedule.ts';
import { uses } from '../lib/app/uses.ts';
import { lastRunOf, periodSecondsOf, secondsToNextRun } from './timerRuns.ts';

/** Ten thousand grants at once are a number in the log, not ten thousand lines. */
const MOST_NAMED = 20;

/** Asks for a refresh of every grant that is due. It decides and spends nothing: two hosts that run at once do no harm. */
export const refreshTimer = async (timer: Timer, context: InvocationContext): Promise<void> => {
  const { startRun } = await refresher();
  const { looked, sent, failed } = await startRun(secondsToNextRun(timer), periodSecondsOf(timer));
  for (const { grantId, reason } of sent.slice(0, MOST_NAMED)) context.log(`grant ${grantId}: ${reason}`);
  context.log(`asked for the refresh of ${sent.length} of ${looked} grants`);
  if (failed > 0) context.warn(`${failed} of ${looked} grants could not be looked at or queued`);
  const { reportDaily } = await scanner();
  await reportDaily(lastRunOf(timer));
  const { recordDaily } = await uses();
  await recordDaily();
};

app.timer('refreshTimer', { schedule: scheduleOf('KEYWATCH_REFRESH_SCHEDULE'), handler: refreshTimer });

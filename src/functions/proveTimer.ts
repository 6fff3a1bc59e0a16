import { app, type InvocationContext, type Timer } from '@azure/functions';
import { prover } from '../lib/app/prover.ts';
import { scheduleOf } from '../lib/app/schedule.ts';
import { lastRunOf, periodSecondsOf } from './timerRuns.ts';

/** A thousand refusals at once are a number in the log, not a thousand lines. */
const MOST_NAMED = 20;

/** Proves every configured credential by using it. It changes nothing: two hosts that run at once do no harm. */
export const proveTimer = async (timer: Timer, context: InvocationContext): Promise<void> => {
  const { proveAll } = await prover();
  const { clients, proven, left, others } = await proveAll(lastRunOf(timer), periodSecondsOf(timer));
  for (const { id, outcome } of others.slice(0, MOST_NAMED)) context.warn(`client ${id}: ${outcome}`);
  context.log(`proved ${proven} of ${clients} clients`);
  if (left > 0) context.warn(`${left} of ${clients} clients could not be looked at`);
};

app.timer('proveTimer', { schedule: scheduleOf('KEYWATCH_PROOF_SCHEDULE'), handler: proveTimer });

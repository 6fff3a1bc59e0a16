import { app, type InvocationContext, type Timer } from '@azure/functions';
import { rotator } from '../lib/app/rotator.ts';
import { periodSecondsOf } from './timerRuns.ts';

/** Not a setting: a rotation has weeks, and a run that finds nothing to do costs three calls for each. */
const SCHEDULE = '15 6,16,26,36,46,56 * * * *';

/** Lets every rotation go on that has something to do. The lease of each keeps two hosts apart that run at once. */
export const rotateTimer = async (timer: Timer, context: InvocationContext): Promise<void> => {
  const { startRun } = await rotator();
  const { rotations, turns, failed } = await startRun(periodSecondsOf(timer));
  for (const { id, outcome } of turns) context.log(`rotation ${id}: ${outcome}`);
  if (failed > 0) context.warn(`${failed} of ${rotations} rotations could not go on`);
};

app.timer('rotateTimer', { schedule: SCHEDULE, handler: rotateTimer });

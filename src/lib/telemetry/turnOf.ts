import { type FailureSubject, permanentFailure } from '../kernel/failure.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * Runs the turn of one of many. What it throws breaks a promise of the program; that is reported, and is its
 * own failure: it ends neither the turns of the others nor the heartbeat of the run.
 * @returns false when it threw
 */
export const turnOf = async (
  telemetry: Pick<Telemetry, 'failure'>,
  message: string,
  run: () => Promise<void>,
  subject?: FailureSubject,
): Promise<boolean> => {
  try {
    await run();
    return true;
  } catch (cause) {
    const action = 'Report this as a defect of Keywatch, with the cause; everything else goes on.';
    telemetry.failure(permanentFailure({ code: 'turn_failed', message, action, subject, cause }));
    return false;
  }
};

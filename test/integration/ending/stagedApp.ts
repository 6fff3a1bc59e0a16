import '../../../src/functions/deployed.ts';
import { connectWith } from '../../../src/lib/app/app.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { type AfterCall, realPorts, type WorldSetup, watchedPorts } from '../refresh/realPorts.ts';

/** Entry of a bundle: what is deployed, connected to the stage. The worker puts the stage in its place first. */
export interface AppStage {
  readonly setup: WorldSetup;
  readonly afterCall: AfterCall;
}

export const APP_STAGE = Symbol.for('keywatch.test.stage');

connectWith(async () => {
  const { setup, afterCall } = (globalThis as unknown as Record<symbol, AppStage>)[APP_STAGE] as AppStage;
  const telemetry = recordingTelemetry();
  const ports = watchedPorts(realPorts(setup, telemetry), afterCall);
  const dispatch = { send: async () => ({ ok: true }) as const };
  return fakeConnections({ clock: ports.clock, telemetry, refresh: { ...ports, dispatch } });
});

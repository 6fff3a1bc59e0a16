import { counted } from '../../lib/kernel/humanTime.ts';
import { isoSeconds } from '../../lib/kernel/instant.ts';
import { MINUTE_MS } from '../../lib/kernel/time.ts';
import type { LocalClock } from '../../local/clock.ts';
import type { Orders } from '../../local/control.ts';
import type { LocalApp } from '../../local/localApp.ts';
import { localLogs } from '../../local/localLogs.ts';
import { breakGrantOf } from './breakGrant.ts';
import { WHEREABOUTS, type Whereabouts } from './localPlace.ts';

const FLUSH_TIMEOUT_MS = 10_000;

/** What other processes of the same user may ask of the one that runs. */
export const ordersOf = (app: LocalApp, clock: LocalClock): Orders => ({
  [WHEREABOUTS]: (): Whereabouts => {
    const { company, settings } = app;
    return { company, settings, aheadMs: clock.aheadMs() };
  },
  async query(kql) {
    await app.telemetry.flush(FLUSH_TIMEOUT_MS);
    return localLogs(app.telemetry.store, clock.nowEpochMs()).run(kql, 'P2D');
  },
  break: breakGrantOf(app),
  ahead(minutes) {
    clock.moveForward(Number(minutes) * MINUTE_MS);
    return `${counted(Number(minutes), 'minute')} passed: it is ${isoSeconds(clock.nowEpochMs())} there.`;
  },
});

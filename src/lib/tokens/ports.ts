import type { Clock } from '../kernel/clock.ts';
import type { Refresher } from '../refresh/refresher.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

export interface TokensPorts {
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'event' | 'failure'>;
  /** Its records and leases are shared by all instances; the rest of this room is of one process. */
  readonly refresher: Pick<Refresher, 'readAccessToken' | 'openAccessToken' | 'refreshAccessToken'>;
}

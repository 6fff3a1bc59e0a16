import type { Clock } from '../kernel/clock.ts';
import type { PieceStore } from './ports.ts';

/** What the board works with. */
export interface BoardPorts {
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  /** Absent where no blob service is named: then nothing is kept, and nothing is shown. */
  readonly state: PieceStore | undefined;
}

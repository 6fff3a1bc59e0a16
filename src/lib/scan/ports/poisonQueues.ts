import type { StoreFailure } from '../../kernel/storeFailure.ts';

export interface PoisonCount {
  readonly ok: true;
  readonly queue: string;
  /** About how many messages lie there; 0 when the queue was never needed. */
  readonly messages: number;
}

/** The queues of work that was given up on. */
export interface PoisonQueues {
  /** One entry per queue: its count, or why it could not be asked. Never rejects. */
  counts(): Promise<readonly (PoisonCount | StoreFailure)[]>;
}

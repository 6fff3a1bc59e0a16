export interface PoisonCount {
  readonly queue: string;
  /** About how many messages lie there; 0 when the queue was never needed. */
  readonly messages: number;
}

/** The queues of work that was given up on. */
export interface PoisonQueues {
  /** The count of each queue that could be asked; one that could not is left out. Never rejects. */
  counts(): Promise<readonly PoisonCount[]>;
}

/** Time and waiting, so that tests can move both by hand. */
export interface Clock {
  /** Wall-clock milliseconds since 1970-01-01 UTC; may jump. */
  nowEpochMs(): number;
  /** Milliseconds from an arbitrary origin that never go back: for durations and lease fences. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

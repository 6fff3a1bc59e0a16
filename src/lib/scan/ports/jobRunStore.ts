import type { StoreFailure } from '../../kernel/storeFailure.ts';

export type JobRunsReading =
  | { readonly ok: true; readonly doneEpochMs: ReadonlyMap<string, number> }
  | StoreFailure;

/**
 * What instances that come and go must know of each other's runs: when each subject was last done.
 *
 * Guaranteed: what `record` acknowledged is read by every later `read`, of any instance. Not guaranteed:
 * that only one instance does a subject; doing it twice is harmless. Nothing here rejects.
 */
export interface JobRunStore {
  /** Epoch milliseconds by subject; a subject that was never done is absent. */
  read(): Promise<JobRunsReading>;
  /** @param subject any text of up to 300 characters */
  record(subject: string, atEpochMs: number): Promise<{ readonly ok: true } | StoreFailure>;
}

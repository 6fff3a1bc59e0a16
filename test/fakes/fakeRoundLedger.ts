import type { StoreFailure } from '../../src/lib/kernel/storeFailure.ts';
import type { RoundLedger } from '../../src/lib/scan/ports/roundLedger.ts';

export interface FakeRoundLedger extends RoundLedger {
  readonly done: Map<string, number>;
  /** Set to make every call fail. */
  down: boolean;
}

/** A ledger in memory. */
export const fakeRoundLedger = (done: Readonly<Record<string, number>> = {}): FakeRoundLedger => {
  const ledger: FakeRoundLedger = {
    done: new Map(Object.entries(done)),
    down: false,
    read: async () => (ledger.down ? DOWN : { ok: true, doneEpochMs: new Map(ledger.done) }),
    async record(subject, atEpochMs) {
      if (ledger.down) return DOWN;
      ledger.done.set(subject, atEpochMs);
      return { ok: true };
    },
  };
  return ledger;
};

const DOWN: StoreFailure = {
  ok: false,
  store: 'ledger',
  code: 'unavailable',
  permanence: 'transient',
  detail: 'Could not read when rounds were last done: HTTP 503.',
  mayHaveLanded: false,
};

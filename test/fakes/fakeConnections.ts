import type { Connections } from '../../src/lib/app/connections.ts';
import { fakeInventory } from './fakeInventory.ts';
import { fakeTicketStore } from './fakeTicketStore.ts';
import { manualClock } from './manualClock.ts';
import { NOW_EPOCH_MS } from './metadata.ts';
import { recordingTelemetry } from './recordingTelemetry.ts';

/** Connections to nothing: no vault, no grant, a clock that stands still. Each may be replaced. */
export const fakeConnections = (other: Partial<Connections> = {}): Connections => ({
  clock: manualClock(NOW_EPOCH_MS),
  telemetry: recordingTelemetry(),
  secrets: { registerSecret: () => () => undefined },
  inventory: fakeInventory({}),
  discovery: { discover: async () => ({ ok: true, vaultUrls: [], emptySubscriptionIds: [] }) },
  poisonQueues: undefined,
  scanDispatch: undefined,
  jobRuns: undefined,
  refresh: undefined,
  prove: undefined,
  rotate: undefined,
  callers: undefined,
  state: undefined,
  consents: {
    tickets: fakeTicketStore(),
    server: { exchangeCode: async () => ({ kind: 'not_sent', reason: 'connections to nothing' }) },
  },
  ...other,
});

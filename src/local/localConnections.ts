import { keyVaultInventory } from '../lib/adapters/keyVaultInventory.ts';
import type { Connections } from '../lib/connections.ts';
import type { Clock } from '../lib/ports/clock.ts';
import type { Telemetry } from '../lib/ports/telemetry.ts';
import { createRedactor } from '../lib/telemetry/redact.ts';
import { scannerIdentity } from './keyVault/identities.ts';
import type { KeyVaultStandIn } from './keyVault/keyVaultStandIn.ts';

export interface LocalConnectionsOptions {
  readonly clock: Clock;
  readonly standIn: KeyVaultStandIn;
  readonly telemetry: Telemetry;
}

/** The connections of the application, to the stand-ins: the scanner's identity can list metadata only. */
export const localConnections = ({ clock, standIn, telemetry }: LocalConnectionsOptions): Connections => ({
  clock,
  telemetry,
  secrets: createRedactor(),
  inventory: keyVaultInventory({
    credential: standIn.credentialFor(scannerIdentity),
    clock,
    localMode: true,
  }),
  discovery: {
    discover: async () => {
      throw new Error('local mode has no subscriptions to look through');
    },
  },
  poisonQueues: undefined,
  refresh: undefined,
});

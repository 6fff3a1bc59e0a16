import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';
import { EVENTS_BETWEEN_FLUSHES } from '../../../src/lib/scan/reportPaced.ts';
import { createScanner } from '../../../src/lib/scan/scanner.ts';
import type { Telemetry } from '../../../src/lib/telemetry/telemetry.ts';
import { startCapturedTelemetry } from '../../fakes/captureTelemetry.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { syntheticInventory } from '../../fakes/syntheticInventory.ts';

const VAULT_URL = 'https://kv-large.vault.azure.net';
/** More than the 50,000 events that telemetry holds. */
const CREDENTIALS = 60_000;

let arrived = 0;
const captured = startCapturedTelemetry({
  onBatch(batch) {
    arrived += batch.filter(({ data }) => data.baseData.name === 'keywatch.credential.observed').length;
  },
});
afterAll(async () => {
  await captured.telemetry.close(5_000);
});

let told = 0;
let mostHeld = 0;
const telemetry: Telemetry = {
  ...captured.telemetry,
  event(name, attributes) {
    if (name === 'keywatch.credential.observed') told += 1;
    mostHeld = Math.max(mostHeld, told - arrived);
    captured.telemetry.event(name, attributes);
  },
};

it('reports 60,000 credentials of one vault, holding two thousand at a time and dropping none', async () => {
  const inventory = syntheticInventory(CREDENTIALS);
  const scanner = createScanner(
    configOf({ KEYWATCH_VAULTS: VAULT_URL }),
    fakeConnections({ clock: systemClock, telemetry, inventory }),
  );
  const scan = await scanner.run({ source: 'keyvault', target: VAULT_URL, runId: 'scan-1', mode: 'full' });
  const flushed = await telemetry.flush(60_000);

  expect(scan).toMatchObject({ outcome: 'complete', counts: { objects: CREDENTIALS } });
  expect({ ...flushed, arrived }).toEqual({ finished: true, undeliveredBatches: 0, arrived: CREDENTIALS });
  expect(mostHeld).toBe(EVENTS_BETWEEN_FLUSHES);
});

import { describe, expect, it } from 'vitest';
import { EVENTS_BETWEEN_FLUSHES, reportPaced } from '../../../src/lib/scan/reportPaced.ts';
import type { ScanRequest } from '../../../src/lib/scan/rules/scanRequest.ts';
import type { Telemetry } from '../../../src/lib/telemetry/telemetry.ts';
import { scanVault } from '../../fakes/keyVaultScan.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { syntheticInventory } from '../../fakes/syntheticInventory.ts';

const REQUEST: ScanRequest = {
  source: 'keyvault',
  target: 'https://kv.vault.azure.net',
  runId: 'scan-1',
  mode: 'full',
};
const POLICY = { name: 'kv', says: [] };
const PATIENCE_MS = 60_000;

/** A scan that tells paced, into a telemetry whose flush takes that long by the scan's own clock. */
const scanReporting = (secrets: number, flushTakesMs: number) => {
  const clock = manualClock();
  const recording = recordingTelemetry();
  const flushes: { told: number; timeoutMs: number }[] = [];
  const telemetry: Telemetry = {
    ...recording,
    async flush(timeoutMs) {
      flushes.push({ told: recording.events.length, timeoutMs });
      await clock.advance(Math.min(flushTakesMs, timeoutMs));
      return { finished: flushTakesMs <= timeoutMs, undeliveredBatches: 0 };
    },
  };
  const scan = (request = REQUEST) => {
    const ports = { inventory: syntheticInventory(secrets), clock, policy: POLICY };
    const observe = reportPaced({ telemetry, clock }, request, PATIENCE_MS);
    return scanVault(ports, request, 600_000, observe);
  };
  return { scan, recording, flushes };
};

describe('telling of a large vault', () => {
  it('waits for what was told to be sent, each time enough has gathered', async () => {
    const { scan, recording, flushes } = scanReporting(3 * EVENTS_BETWEEN_FLUSHES, 1_000);
    await scan();
    expect(flushes.map(({ told }) => told)).toEqual([1, 2, 3].map((part) => part * EVENTS_BETWEEN_FLUSHES));
    expect(recording.events).toHaveLength(3 * EVENTS_BETWEEN_FLUSHES);
  });

  it('does not wait where little is reported', async () => {
    const { scan, flushes } = scanReporting(EVENTS_BETWEEN_FLUSHES - 1, 1_000);
    await scan();
    expect(flushes).toEqual([]);
  });

  it('counts only what it tells: a scan for attention passes over healthy credentials', async () => {
    const { scan, recording, flushes } = scanReporting(2 * EVENTS_BETWEEN_FLUSHES, 1_000);
    await scan({ ...REQUEST, mode: 'attention' });
    expect(recording.events.length).toBeGreaterThan(0);
    expect(flushes).toEqual([]);
  });

  it('waits no longer in all than its patience, tells the rest all the same, and the scan is complete', async () => {
    const { scan, recording, flushes } = scanReporting(10 * EVENTS_BETWEEN_FLUSHES, 40_000);
    const { outcome, durationMs } = await scan();
    expect(flushes.map(({ timeoutMs }) => timeoutMs)).toEqual([60_000, 20_000]);
    expect({ outcome, durationMs, told: recording.events.length }).toEqual({
      outcome: 'complete',
      durationMs: PATIENCE_MS,
      told: 10 * EVENTS_BETWEEN_FLUSHES,
    });
  });
});

import { describe, expect, it } from 'vitest';
import type { RoundLedger } from '../../../src/lib/scan/ports/roundLedger.ts';
import type { ScanDispatch } from '../../../src/lib/scan/ports/scanDispatch.ts';
import type { ScanRequest } from '../../../src/lib/scan/rules/scanRequest.ts';
import { startFirstScan } from '../../../src/lib/scan/startFirstScan.ts';
import { fakeRoundLedger } from '../../fakes/fakeRoundLedger.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const requestsFor = (...names: string[]): readonly ScanRequest[] =>
  names.map((name) => ({
    vaultUrl: `https://kv-${name}.vault.azure.net`,
    scanId: name,
    mode: 'inventory',
  }));
const REFUSED = {
  ok: false,
  store: 'dispatch',
  code: 'forbidden',
  permanence: 'permanent',
  detail: 'Could not queue the scan: HTTP 403.',
  mayHaveLanded: false,
} as const;
/** Long enough for the next instance to try again. */
const LATER_MS = 6 * 60_000;

const scene = (requests = requestsFor('a', 'b')) => {
  const ledger = fakeRoundLedger();
  const telemetry = recordingTelemetry();
  const clock = manualClock();
  const sent: string[] = [];
  const refused = new Set<string>();
  const load = { now: 0, most: 0 };
  const dispatch: ScanDispatch = {
    async send({ scanId }) {
      load.most = Math.max(load.most, ++load.now);
      await Promise.resolve();
      load.now -= 1;
      if (refused.has(scanId)) return REFUSED;
      sent.push(scanId);
      return { ok: true };
    },
  };
  const startOn = (one: RoundLedger) =>
    startFirstScan({ ledger: one, dispatch, telemetry, clock, startScan: async () => requests });
  return { ledger, telemetry, clock, sent, refused, load, startOn, start: () => startOn(ledger) };
};

describe('the first scan', () => {
  it('asks for every vault, once and never again', async () => {
    const { start, sent, clock } = scene();
    expect(await start()).toBe(2);
    await clock.advance(LATER_MS);
    expect(await start()).toBe(0);
    expect(sent).toEqual(['a', 'b']);
  });

  it('is tried again by a later instance when a vault could not be asked for, and says why', async () => {
    const { start, sent, refused, telemetry, clock } = scene();
    refused.add('b');
    expect(await start()).toBe(1);
    expect(telemetry.exceptions).toMatchObject([{ code: 'dispatch_forbidden', permanence: 'permanent' }]);
    refused.clear();
    await clock.advance(LATER_MS);
    expect(await start()).toBe(2);
    expect(sent).toEqual(['a', 'a', 'b']);
  });

  it('waits for a configuration that names a vault', async () => {
    const { start, ledger } = scene([]);
    expect(await start()).toBe(0);
    expect([...ledger.done.keys()]).not.toContain('first-scan');
  });

  it('is left to the timer where nobody knows whether there was one, and says so', async () => {
    const { start, sent, ledger, telemetry } = scene();
    ledger.down = true;
    expect(await start()).toBe(0);
    expect(sent).toEqual([]);
    expect(telemetry.exceptions).toMatchObject([{ code: 'ledger_unavailable' }]);
  });

  it('is begun once, however many instances its own messages bring up before it is noted as done', async () => {
    const { ledger, startOn, sent, telemetry } = scene();
    const forgetful: RoundLedger = {
      ...ledger,
      record: async (subject, atEpochMs) =>
        subject === 'first-scan' ? { ...REFUSED, store: 'ledger' } : ledger.record(subject, atEpochMs),
    };
    expect([await startOn(forgetful), await startOn(forgetful)]).toEqual([2, 0]);
    expect(sent).toEqual(['a', 'b']);
    expect(telemetry.exceptions).toMatchObject([{ code: 'ledger_forbidden' }]);
  });

  it('is left to the timer where nothing can be noted: every instance would begin it anew', async () => {
    const { ledger, startOn, sent, telemetry } = scene();
    const readOnly: RoundLedger = { ...ledger, record: async () => ({ ...REFUSED, store: 'ledger' }) };
    expect(await startOn(readOnly)).toBe(0);
    expect(sent).toEqual([]);
    expect(telemetry.exceptions).toMatchObject([{ code: 'ledger_forbidden' }]);
  });

  it('asks for many vaults a few at a time, and stops at the first that the queue refuses', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `${index}`);
    const { start, load, refused, telemetry, sent, clock } = scene(requestsFor(...names));
    for (const name of names) refused.add(name);
    expect(await start()).toBe(0);
    expect(telemetry.exceptions).toHaveLength(1);
    refused.clear();
    await clock.advance(LATER_MS);
    expect(await start()).toBe(500);
    expect(sent).toHaveLength(500);
    expect(load.most).toBeLessThanOrEqual(32);
  });
});

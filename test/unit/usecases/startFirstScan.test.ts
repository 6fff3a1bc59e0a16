import { describe, expect, it } from 'vitest';
import type { ScanRequest } from '../../../src/lib/domain/scanRequest.ts';
import type { ScanDispatch } from '../../../src/lib/ports/scanDispatch.ts';
import { startFirstScan } from '../../../src/lib/usecases/startFirstScan.ts';
import { fakeRoundLedger } from '../../fakes/fakeRoundLedger.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const REQUESTS: readonly ScanRequest[] = ['a', 'b'].map((name) => ({
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

const scene = (requests = REQUESTS) => {
  const ledger = fakeRoundLedger();
  const telemetry = recordingTelemetry();
  const sent: string[] = [];
  const refused = new Set<string>();
  const dispatch: ScanDispatch = {
    async send({ scanId }) {
      if (refused.has(scanId)) return REFUSED;
      sent.push(scanId);
      return { ok: true };
    },
  };
  const start = () =>
    startFirstScan({ ledger, dispatch, telemetry, clock: manualClock(), startScan: async () => requests });
  return { ledger, telemetry, sent, refused, start };
};

describe('the first scan', () => {
  it('asks for every vault, once and never again', async () => {
    const { start, sent } = scene();
    expect([await start(), await start()]).toEqual([2, 0]);
    expect(sent).toEqual(['a', 'b']);
  });

  it('is tried again by the next instance when a vault could not be asked for, and says why', async () => {
    const { start, sent, refused, telemetry } = scene();
    refused.add('b');
    expect(await start()).toBe(1);
    expect(telemetry.exceptions).toMatchObject([{ code: 'dispatch_forbidden', permanence: 'permanent' }]);
    refused.clear();
    expect([await start(), await start()]).toEqual([2, 0]);
    expect(sent).toEqual(['a', 'a', 'b']);
  });

  it('waits for a configuration that names a vault', async () => {
    const { start, ledger } = scene([]);
    expect(await start()).toBe(0);
    expect(ledger.done.size).toBe(0);
  });

  it('is left to the timer where nobody knows whether there was one, and says so', async () => {
    const { start, sent, ledger, telemetry } = scene();
    ledger.down = true;
    expect(await start()).toBe(0);
    expect(sent).toEqual([]);
    expect(telemetry.exceptions).toMatchObject([{ code: 'ledger_unavailable' }]);
  });
});

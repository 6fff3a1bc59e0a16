import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { createScanner } from '../../../src/lib/scan/scanner.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { fakeInventory, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { fakeJobRunStore } from '../../fakes/fakeJobRunStore.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { NOW_EPOCH_MS, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const OTHER = 'https://kv-other.vault.azure.net';

/** Days of a scanner over two vaults, one of them with a secret called door-lock-api. */
const scene = (rules: readonly object[], { breaks = false } = {}) => {
  const telemetry = recordingTelemetry();
  const clock = manualClock(NOW_EPOCH_MS);
  const jobRuns = fakeJobRunStore();
  const failures = breaks ? { key: inventoryFailure() } : {};
  const inventory = fakeInventory({
    [VAULT_URL]: { pages: { secret: [[secretMetadata()]] } },
    [OTHER]: { failures },
  });
  const scanner = createScanner(
    configOf({ KEYWATCH_VAULTS: `${VAULT_URL},${OTHER}` }, { rules }),
    fakeConnections({ telemetry, clock, jobRuns, inventory }),
  );
  const day = async () => {
    for (const request of await scanner.startRun(undefined)) await scanner.run(request);
    telemetry.events.length = 0;
    await scanner.reportDaily(undefined);
    await clock.advance(DAY_MS);
    return telemetry.events
      .map(({ attributes }) => attributes as Readonly<Record<string, unknown>>)
      .filter(({ finding }) => finding === 'idle_rule')
      .map(({ detail }) => detail);
  };
  return { day, jobRuns };
};

const USED = { match: { name: 'door-*' }, owner: 'locks' };
const UNUSED = { match: { name: 'dor-*' }, owner: 'locks' };

describe('a rule of the config', () => {
  it('that matches nothing is reported once every vault was scanned whole since it is there, each day', async () => {
    const { day } = scene([USED, UNUSED]);
    expect(await day()).toEqual([]);
    const detail = 'rules[1] of the config matches no credential (name dor-*): correct it, or take it out.';
    expect([await day(), await day()]).toEqual([[detail], [detail]]);
  });

  it('is not judged, nor the check noted as done, while the store of job runs cannot be read or written', async () => {
    const { day, jobRuns } = scene([USED, UNUSED]);
    await day();
    jobRuns.down = true;
    expect(await day()).toEqual([]);
    jobRuns.down = false;
    const noted = jobRuns.done.get('config-rules');
    expect(await day()).toEqual([expect.stringContaining('rules[1]')]);
    expect(jobRuns.done.get('config-rules')).not.toBe(noted);
  });

  it('for a vault that nobody watches matches nothing', async () => {
    const { day } = scene([{ match: { vault: 'kv-elsewhere' }, owner: 'x' }]);
    expect([await day(), await day()]).toEqual([[], [expect.stringContaining('vault kv-elsewhere')]]);
  });

  it('is not called unused while a vault cannot be scanned to its end, but for the vaults that can', async () => {
    const { day } = scene([UNUSED, { ...UNUSED, match: { ...UNUSED.match, vault: VAULT_URL } }], {
      breaks: true,
    });
    await day();
    expect(await day()).toEqual([expect.stringMatching(/^rules\[1\]/)]);
  });

  it.each([
    ['has passed', '2026-11-21', /^ignoreUntil of rules\[0\] of the config \(2026-11-21.* has passed: renew/],
    ['lies too far ahead', '2028-01-01', /is more than 366 days ahead, and silences nothing/],
  ])('whose end %s is reported at once', async (_what, ignoreUntil, expected) => {
    const { day } = scene([{ match: { name: 'door-*' }, ignoreUntil, reason: 'a test system' }]);
    expect(await day()).toEqual([expect.stringMatching(expected)]);
  });
});

import { describe, expect, it } from 'vitest';
import { STATUSES_WORST_FIRST } from '../../../src/lib/credentials/statuses.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { reportDiscovery, reportObserved, reportScan } from '../../../src/lib/scan/reportScan.ts';
import { scanTally } from '../../../src/lib/scan/rules/vaultScan.ts';
import type { TargetScan } from '../../../src/lib/scan/scanTarget.ts';
import { inventoryFailure } from '../../fakes/fakeInventory.ts';
import { assessment, inDays, targetScan } from '../../fakes/metadata.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const reported = (changes: Partial<TargetScan> = {}) => {
  const telemetry = recordingTelemetry();
  const counts = { ...scanTally().counts(), objects: 3 };
  reportScan(telemetry, targetScan({ mode: 'attention', counts, pages: 4, durationMs: 1500, ...changes }));
  return telemetry;
};

describe('what is reported of a scan', () => {
  it('is a heartbeat with every count, zeros included', () => {
    const [event, ...more] = reported().eventsNamed('keywatch.run.completed');
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      job: 'keyvault-scan',
      vault: 'kv-front-desk',
      runId: 'scan-1',
      mode: 'attention',
      outcome: 'complete',
      reason: undefined,
      pages: 4,
      durationMs: 1500,
      objects: 3,
      ...Object.fromEntries(STATUSES_WORST_FIRST.map((status) => [status, 0])),
      findings: 0,
      snoozed: 0,
      ignored: 0,
      managed: 0,
    });
  });

  it('is a gauge for each of the seven statuses, zeros included, so that 0 differs from silence', () => {
    const gauges = reported().metrics.filter(({ name }) => name === 'keywatch.credentials');
    expect(gauges.map(({ attributes }) => attributes)).toEqual(
      STATUSES_WORST_FIRST.map((status) => ({ vault: 'kv-front-desk', status })),
    );
    expect(new Set(gauges.map(({ value }) => value))).toEqual(new Set([0]));
  });

  it('is its duration in seconds and its pages', () => {
    const vault = 'kv-front-desk';
    expect(reported().metrics).toEqual(
      expect.arrayContaining([
        { name: 'keywatch.scan.duration', value: 1.5, attributes: { vault, outcome: 'complete' } },
        { name: 'keywatch.scan.pages', value: 4, attributes: { vault } },
      ]),
    );
  });

  it('is the reason of a failed one, and no gauge: half a vault is not a count of it', () => {
    const failure = inventoryFailure({ cause: new Error('403') });
    const { events, metrics, failures } = reported({ outcome: 'failed', failure });
    expect(events[0]?.attributes).toMatchObject({ outcome: 'failed', reason: 'forbidden', httpStatus: 403 });
    expect(metrics.map(({ name }) => name)).not.toContain('keywatch.credentials');
    // Under the name that tables and alerts show, whatever address the adapter knows.
    expect(failures).toEqual([{ ...failure, subject: { ...failure.subject, vault: 'kv-front-desk' } }]);
  });

  it('is a clock that is wrong by a day, not one that is slow by a minute', () => {
    expect(reported({ clockSkewMs: 60_000 }).failures).toEqual([]);
    expect(reported({ clockSkewMs: -DAY_MS }).failures).toMatchObject([
      { code: 'clock_skew', retryable: false, message: expect.stringContaining('behind') },
    ]);
  });
});

describe('what is reported of a credential', () => {
  const findings = [
    { code: 'malformed_tag', detail: 'one' },
    { code: 'malformed_tag', detail: 'two' },
    { code: 'unowned', detail: 'three' },
  ] as const;
  const observed = (mode: 'attention' | 'full' | 'object', changes: Parameters<typeof assessment>[0]) => {
    const telemetry = recordingTelemetry();
    reportObserved(telemetry, 'scan-1', mode)(assessment(changes));
    return telemetry.events;
  };

  it('is nothing on a scan for attention unless it needs some', () => {
    expect(observed('attention', { findings })).toEqual([]);
    expect(observed('attention', { status: 'expired', suppressed: 'snoozed' })).toEqual([]);
    expect(observed('attention', { status: 'critical', findings })).toHaveLength(1);
  });

  it('is everything in an inventory, with each finding on its own', () => {
    const [event, ...found] = observed('full', { findings, suppressed: 'snoozed' });
    expect(event).toMatchObject({
      name: 'keywatch.credential.observed',
      attributes: { findings: 'malformed_tag,unowned', suppressed: 'snoozed', mode: 'full' },
    });
    expect(found.map(({ name }) => name)).toEqual(Array(3).fill('keywatch.finding.observed'));
    expect(found.map(({ attributes }) => attributes)).toMatchObject([
      { finding: 'malformed_tag', detail: 'one', suppressed: 'snoozed' },
      { finding: 'malformed_tag', detail: 'two' },
      { finding: 'unowned', detail: 'three' },
    ]);
  });

  it('says where it is used and when it was made, where that is known', () => {
    const [event] = observed('full', { targets: ['a.example', 'b.example'] });
    expect(event?.attributes).toMatchObject({ targets: 'a.example,b.example', createdOn: inDays(-165) });
    expect(observed('full', {})[0]?.attributes).toMatchObject({ targets: undefined });
  });

  it('is everything when the one object was inspected', () => {
    expect(observed('object', {})[0]?.attributes).toMatchObject({ mode: 'object', findings: undefined });
  });

  it('is its end as an instant, never as days', () => {
    const [event] = observed('full', { expiresOnEpochMs: inDays(12), warningAtEpochMs: undefined });
    expect(event?.attributes).toMatchObject({ expiresOn: inDays(12), warningAt: undefined });
  });
});

describe('what is reported of a run', () => {
  const discovered = {
    source: 'keyvault',
    runId: 'scan-1',
    found: 7,
    failure: undefined,
    durationMs: 300,
  } as const;

  it('is that subscriptions could not be asked', () => {
    const telemetry = recordingTelemetry();
    const failure = inventoryFailure({ code: 'discovery_timeout', reason: 'timeout', retryable: true });
    reportDiscovery(telemetry, { ...discovered, found: 0, failure });
    expect(telemetry.failures).toMatchObject([{ code: 'discovery_timeout', retryable: true }]);
    expect(telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { job: 'vault-discovery', outcome: 'failed', reason: 'timeout', objects: 0 },
    ]);
  });

  it('is how many vaults were found', () => {
    const telemetry = recordingTelemetry();
    reportDiscovery(telemetry, discovered);
    expect(telemetry.failures).toEqual([]);
    expect(telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { job: 'vault-discovery', runId: 'scan-1', mode: 'timer', outcome: 'complete', objects: 7 },
    ]);
  });
});

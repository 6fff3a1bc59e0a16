import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { within } from '../../src/lib/kernel/within.ts';
import type { CaptureFault } from '../../src/local/telemetry/capture.ts';
import { CAPTURED_DEPLOYMENT, startCapturedTelemetry } from '../fakes/captureTelemetry.ts';

let skippedMs = 0;
const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + skippedMs };
const captured = startCapturedTelemetry({ clock });
const { telemetry, capture, settle, take } = captured;

const sendOne = () =>
  telemetry.event('keywatch.run.requested', {
    job: 'keyvault-scan',
    vault: 'kv',
    runId: 'run',
    mode: 'attention',
  });

const undelivered = async () => (await settle()).undeliveredBatches;

beforeEach(async () => {
  capture.setFault(undefined);
  // A loss is reported with the next batch that gets through, and its metric goes with the one after.
  sendOne();
  await take();
  await take();
});
afterAll(async () => {
  capture.setFault(undefined);
  await telemetry.close(5_000);
});

describe('what ingestion does not take', () => {
  const faults: { title: string; fault: CaptureFault; httpStatus: string }[] = [
    { title: 'a 401', fault: { kind: 'status', status: 401 }, httpStatus: '401' },
    { title: 'a 400', fault: { kind: 'status', status: 400 }, httpStatus: '400' },
    { title: 'a 503 on every retry', fault: { kind: 'status', status: 503 }, httpStatus: '503' },
    { title: 'a batch taken in part', fault: { kind: 'partial', accepted: 0 }, httpStatus: '206' },
    { title: 'a refused connection', fault: { kind: 'refused' }, httpStatus: '0' },
  ];
  for (const { title, fault, httpStatus } of faults) {
    it(`is counted once: ${title}`, async () => {
      const before = await undelivered();
      capture.setFault(fault);
      sendOne();
      expect(await undelivered()).toBe(before + 1);
    });

    it(`is reported as a metric with the next batch that gets through: ${title}`, async () => {
      capture.setFault(fault);
      sendOne();
      await undelivered();
      capture.setFault(undefined);
      sendOne();
      await settle();
      const points = (await take()).filter(({ data }) => data.baseType === 'MetricData');
      expect(points.map(({ data }) => data.baseData.metrics?.[0])).toEqual([
        expect.objectContaining({ name: 'keywatch.telemetry.undelivered', value: 1 }),
      ]);
      expect(points[0]?.data.baseData.properties).toEqual({
        httpStatus,
        deployment: CAPTURED_DEPLOYMENT,
      });
    });
  }

  it('is not counted when a retry gets through', async () => {
    const before = await undelivered();
    const postsBefore = capture.traffic.posts;
    capture.setFault({ kind: 'status', status: 503 });
    sendOne();
    const flushing = telemetry.flush(60_000);
    while (capture.traffic.posts === postsBefore) await systemClock.sleep(5);
    capture.setFault(undefined);
    expect((await flushing).undeliveredBatches).toBe(before);
    expect((await take()).length).toBe(1);
  });
});

describe('an ingestion that takes nothing', () => {
  /** Longer than the SDK tries again where it is refused. */
  const LIMIT_MS = 1_500;
  /** By the order in which timers end, which is theirs on a busy machine, too. */
  const isBrief = async (): Promise<boolean> => {
    const flushing = telemetry.flush(LIMIT_MS);
    const brief = await within(25, flushing);
    await flushing;
    return brief;
  };
  const faults: [string, CaptureFault][] = [
    ['refuses connections', { kind: 'refused' }],
    ['refuses with a 503', { kind: 'status', status: 503 }],
    ['refuses with a 401', { kind: 'status', status: 401 }],
    ['hangs', { kind: 'hang' }],
  ];
  it.each(faults)('is waited for once where it %s, and then no more', async (_how, fault) => {
    capture.setFault(fault);
    const before = capture.traffic.posts;
    sendOne();
    await telemetry.flush(fault.kind === 'hang' ? 100 : LIMIT_MS);
    await expect.poll(() => capture.traffic.posts, { interval: 5 }).toBeGreaterThan(before);
    // One that hangs is known after two seconds.
    skippedMs += 2_001;
    const later: boolean[] = [];
    for (let flush = 0; flush < 20; flush += 1) {
      sendOne();
      later.push(await isBrief());
    }
    expect(later).not.toContain(false);
    capture.setFault(undefined);
    await settle();
    sendOne();
    // The first that arrives ends it: what is reported then leaves before anybody goes on.
    expect((await telemetry.flush(60_000)).finished).toBe(true);
    expect((await take()).filter(({ data }) => data.baseType === 'EventData').length).toBeGreaterThan(0);
  });
});

describe('flush', () => {
  it('ends at its limit when ingestion hangs, says so, and works again afterwards', async () => {
    capture.setFault({ kind: 'hang' });
    sendOne();
    const flushing = telemetry.flush(200);
    expect(await within(1_500, flushing)).toBe(true);
    expect((await flushing).finished).toBe(false);
    sendOne();
    capture.setFault(undefined);
    expect((await take()).filter(({ data }) => data.baseType === 'EventData').length).toBe(2);
  });

  it('never rejects and never makes a caller fail, whatever it is given', async () => {
    telemetry.event('keywatch.run.requested', { periodSeconds: 1n, vault: {} } as never);
    telemetry.metric('keywatch.credentials', Number.NaN, {} as never);
    telemetry.failure({ ok: false, code: '', retryable: true, message: '', action: '' });
    await telemetry.httpCall(
      { method: 'GET', url: 'no url', credentialId: '' },
      async () => 1,
      () => 200,
    );
    expect((await telemetry.flush(60_000)).finished).toBe(true);
  });
});

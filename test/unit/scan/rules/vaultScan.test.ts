import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDailyReportDue } from '../../../../src/lib/kernel/dailyHour.ts';
import { scanTally } from '../../../../src/lib/scan/rules/vaultScan.ts';
import { assessment } from '../../../fakes/metadata.ts';

describe('the tally of a scan', () => {
  it('counts a snoozed or superseded credential under its status, and an ignored or managed one under none', () => {
    const tally = scanTally();
    tally.add(assessment({ status: 'expired', suppressed: 'snoozed' }));
    tally.add(
      assessment({ status: 'expired', suppressed: 'ignored', findings: [{ code: 'unowned', detail: '' }] }),
    );
    tally.add(assessment({ status: 'no_expiry', findings: [{ code: 'no_expiry', detail: '' }] }));
    tally.add(assessment({ status: 'expired', suppressed: 'superseded' }));
    tally.addManaged();
    expect(tally.counts()).toEqual({
      byStatus: { ...scanTally().counts().byStatus, expired: 2, no_expiry: 1 },
      objects: 3,
      findings: 1,
      snoozed: 1,
      renewing: 0,
      superseded: 1,
      ignored: 1,
      managed: 1,
    });
  });

  it('does not change what it gave out before', () => {
    const tally = scanTally();
    const before = tally.counts();
    tally.add(assessment());
    expect([before.objects, before.byStatus.valid]).toEqual([0, 0]);
  });
});

describe('the daily inventory', () => {
  const due = (last: string | undefined, now: string) =>
    isDailyReportDue(last === undefined ? undefined : Date.parse(last), Date.parse(now), 5);

  it('is due on the first run ever', () => expect(due(undefined, '2026-11-22T00:07:00Z')).toBe(true));

  it('is due on the first run since its hour, from exactly that hour on', () => {
    expect(due('2026-11-22T04:07:00Z', '2026-11-22T04:59:59.999Z')).toBe(false);
    expect(due('2026-11-22T04:07:00Z', '2026-11-22T05:00:00Z')).toBe(true);
    expect(due('2026-11-22T05:00:00Z', '2026-11-22T06:00:00Z')).toBe(false);
  });

  it('comes exactly once a day, however irregular the runs', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 30 * 3_600_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 23 }), (gapsMs, hour) => {
        let last = Date.parse('2028-02-27T12:00:00Z');
        const dayOf = (epochMs: number) => Math.floor((epochMs - hour * 3_600_000) / 86_400_000);
        for (const gapMs of gapsMs) {
          const now = last + gapMs;
          expect(isDailyReportDue(last, now, hour)).toBe(dayOf(last) < dayOf(now));
          last = now;
        }
      }),
    );
  });
});

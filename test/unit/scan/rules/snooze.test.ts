import { describe, expect, it } from 'vitest';
import { needsAttention } from '../../../../src/lib/credentials/statuses.ts';
import { assessObject } from '../../../../src/lib/scan/rules/assess.ts';
import { inDays, POLICY, secretMetadata } from '../../../fakes/metadata.ts';

describe('an object that would need attention', () => {
  it('does not while it is snoozed, until the last millisecond of that day', () => {
    const tags = { 'keywatch-snooze-until': '2026-11-24' };
    const at = (instant: string) =>
      assessObject(secretMetadata({ expiresOnEpochMs: inDays(4), tags }), POLICY, Date.parse(instant))
        .suppressed;
    expect(at('2026-11-24T23:59:59.999Z')).toBe('snoozed');
    expect(at('2026-11-25T00:00:00Z')).toBeUndefined();
  });

  it('asks for it from its end on, however long it is snoozed', () => {
    const metadata = secretMetadata({
      expiresOnEpochMs: inDays(20),
      tags: { 'keywatch-snooze-until': '2027-01-31' },
    });
    const at = (epochMs: number) => needsAttention(assessObject(metadata, POLICY, epochMs));
    expect([at(inDays(1)), at(inDays(20) - 1), at(inDays(20)), at(inDays(40))]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

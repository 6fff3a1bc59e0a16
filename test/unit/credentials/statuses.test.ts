import { expect, it } from 'vitest';
import { needsAttention, STATUSES_WORST_FIRST, SUPPRESSIONS } from '../../../src/lib/credentials/statuses.ts';
import { keysOf } from '../../../src/lib/kernel/keysOf.ts';

it('asks for attention for what ends or has to, not for what is only untidy', () => {
  const asking = STATUSES_WORST_FIRST.filter((status) => needsAttention({ status, suppressed: undefined }));
  expect(asking).toEqual(['expired', 'critical', 'end_missing', 'warning']);
});

it('asks for no attention while something suppresses it', () => {
  for (const suppressed of keysOf(SUPPRESSIONS)) {
    expect(STATUSES_WORST_FIRST.some((status) => needsAttention({ status, suppressed }))).toBe(false);
  }
});

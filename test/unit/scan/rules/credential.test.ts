import { expect, it } from 'vitest';
import { CREDENTIAL_STATUSES, needsAttention } from '../../../../src/lib/scan/rules/credential.ts';

it('asks for attention for what ends, not for what is only untidy', () => {
  const asking = CREDENTIAL_STATUSES.filter((status) => needsAttention({ status, suppressed: undefined }));
  expect(asking).toEqual(['expired', 'critical', 'warning']);
});

it('asks for no attention while something suppresses it', () => {
  for (const suppressed of ['snoozed', 'ignored', 'superseded'] as const) {
    expect(CREDENTIAL_STATUSES.some((status) => needsAttention({ status, suppressed }))).toBe(false);
  }
});

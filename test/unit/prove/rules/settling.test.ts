import { describe, expect, it } from 'vitest';
import { PROOF_OUTCOMES, type ProofOutcome } from '../../../../src/lib/credentials/proofOutcomes.ts';
import { type Failure, permanentFailure } from '../../../../src/lib/kernel/failure.ts';
import { keysOf } from '../../../../src/lib/kernel/keysOf.ts';
import { SETTLING_MS, whileSettling } from '../../../../src/lib/prove/rules/settling.ts';

const NOW = Date.UTC(2026, 10, 29, 12);
const refused = (code: ProofOutcome): Failure<ProofOutcome> =>
  permanentFailure({ code, message: 'refused', action: 'rotate', httpStatus: 401 });
const settled = (code: ProofOutcome, ageMs: number | undefined) =>
  whileSettling(refused(code), ageMs === undefined ? undefined : NOW - ageMs, NOW);

describe('a refusal', () => {
  it('is settling until what changed is ten minutes old', () => {
    expect(settled('credential_wrong', 0)).toMatchObject({ code: 'settling', retryable: true });
    expect(settled('credential_wrong', SETTLING_MS - 1).code).toBe('settling');
    expect(settled('credential_wrong', SETTLING_MS)).toEqual(refused('credential_wrong'));
  });

  it('keeps what was seen while it settles', () => {
    expect(settled('not_permitted', 1)).toMatchObject({ message: 'refused', httpStatus: 401 });
  });

  it('is what it is where nobody knows when anything changed, or the change lies far ahead', () => {
    expect(settled('credential_expired', undefined).code).toBe('credential_expired');
    expect(settled('credential_expired', -SETTLING_MS).code).toBe('credential_expired');
  });

  it('settles only where a change that is not known everywhere explains it', () => {
    const settling = keysOf(PROOF_OUTCOMES).filter((code) => settled(code, 1).code === 'settling');
    expect(settling).toEqual([
      'settling',
      'credential_wrong',
      'credential_expired',
      'assertion_refused',
      'federation_refused',
      'app_gone',
      'not_permitted',
      'call_refused',
      'call_forbidden',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { accessReport } from '../../../../src/cli/report/accessReport.ts';
import { plain } from '../../../../src/cli/report/style.ts';
import type { VaultAccess } from '../../../../src/lib/scan/checkVault.ts';
import { inventoryFailure } from '../../../fakes/fakeInventory.ts';
import { VAULT_URL } from '../../../fakes/metadata.ts';

const report = (changes: Partial<VaultAccess> = {}): string[] => {
  const listing = { secret: undefined, key: undefined, certificate: undefined };
  return accessReport('front desk', { vaultUrl: VAULT_URL, listing, values: 'denied', ...changes }, plain);
};

describe('the report of what an identity may do', () => {
  it('praises one that may list everything and read nothing', () => {
    expect(report()).toEqual([
      `front desk (${VAULT_URL})`,
      '  ✓ may list secrets',
      '  ✓ may list keys',
      '  ✓ may list certificates',
      '  ✓ may not read secret values, as it should be for a scan',
    ]);
  });

  it('warns of one that may read values, and does not guess', () => {
    expect(report({ values: 'allowed' }).at(-1)).toContain('▲ may read secret values');
    expect(report({ values: 'unknown' }).at(-1)).toContain('is not known');
  });

  it('says what to do about one fault once, however many kinds it hits', () => {
    const failure = inventoryFailure();
    const lines = report({ listing: { secret: failure, key: failure, certificate: undefined } });
    expect(lines.filter((line) => line.includes('✗'))).toEqual([
      '  ✗ may not list secrets (forbidden)',
      '  ✗ may not list keys (forbidden)',
    ]);
    expect(lines.filter((line) => line.includes(failure.action))).toHaveLength(1);
    expect(lines.at(-2)).toContain(failure.message);
  });

  it('says two faults both', () => {
    const secret = inventoryFailure();
    const key = inventoryFailure({ reason: 'throttled', action: 'Wait.' });
    const lines = report({ listing: { secret, key, certificate: undefined } });
    expect(lines).toEqual(expect.arrayContaining([`    ${secret.action}`, '    Wait.']));
  });
});

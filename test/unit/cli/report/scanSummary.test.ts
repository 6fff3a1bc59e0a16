import { describe, expect, it } from 'vitest';
import { scanSummary } from '../../../../src/cli/report/scanSummary.ts';
import { plain } from '../../../../src/cli/report/style.ts';
import { scanTally } from '../../../../src/lib/scan/rules/vaultScan.ts';
import type { TargetScan } from '../../../../src/lib/scan/scanTarget.ts';
import { inventoryFailure } from '../../../fakes/fakeInventory.ts';
import { assessment, targetScan } from '../../../fakes/metadata.ts';

const summary = (changes: Partial<TargetScan>, ...seen: Parameters<typeof assessment>[0][]) => {
  const tally = scanTally();
  for (const one of seen) tally.add(assessment(one));
  return scanSummary(targetScan({ counts: tally.counts(), ...changes }), plain);
};

describe('the line of a vault', () => {
  it('counts what it holds, worst first, without what there is none of', () => {
    const seen = [{}, { status: 'expired' }, { status: 'critical', suppressed: 'snoozed' }] as const;
    expect(summary({}, ...seen)).toEqual([
      '✓ kv-front-desk: 3 credentials: 1 expired, 1 critical, 1 valid (1 snoozed), 13 ms',
    ]);
  });

  it('says that it is empty', () => {
    expect(summary({})).toEqual(['✓ kv-front-desk: 0 credentials: empty, 13 ms']);
  });

  it('says of a failed scan why, how far it came and what to do', () => {
    expect(summary({ outcome: 'failed', failure: inventoryFailure() }, {})).toEqual([
      '✗ kv-front-desk: scan failed after 1 credential (forbidden): kv-front-desk refused to list its secrets.',
      '    Give the identity the role Key Vault Reader.',
    ]);
  });

  it('shows what a vault answered without what a terminal obeys', () => {
    const failure = inventoryFailure({ message: 'no\u001b[2J', action: 'try\u202e' });
    expect(summary({ outcome: 'failed', failure }).join()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewVault } from '../../../../src/lib/refresh/rules/vaultView.ts';

const record = {
  seq: 9,
  fingerprint: 'newest',
  previousFingerprint: 'before',
  spentFingerprints: ['before', 'long ago'],
};
const view = (fingerprint: string, tags: Record<string, string> = {}, changed: object = {}) =>
  viewVault({ ...record, ...changed }, { fingerprint, tags }).kind;

describe('the latest version of a grant’s secret', () => {
  it('is older only where its token is known to be spent, whatever tags it carries', () => {
    const tags = fc.dictionary(
      fc.constantFrom('keywatch-seq', 'keywatch-stage', 'keywatch-state', 'owner'),
      fc.oneof(fc.nat(20).map(String), fc.string({ maxLength: 5 })),
    );
    fc.assert(
      fc.property(fc.constantFrom('before', 'long ago'), tags, (spent, given) => {
        expect(view(spent, given)).toBe('behind');
      }),
      { seed: 4, numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.string(), tags, (value, given) => {
        expect(['foreign', 'ahead']).toContain(view(`new ${value}`, given));
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('is a person’s way back where that person had replaced its token before it was spent', () => {
    const replaced = { spentFingerprints: [], isPreviousUnspent: true };
    expect(view('before', {}, replaced)).toBe('foreign');
    expect(view('before', { 'keywatch-seq': '8' }, replaced)).toBe('behind');
    const dead = { state: 'dead', sinceEpochMs: 0, reason: 'refused', fingerprint: 'newest', reported: true };
    expect(view('before', { 'keywatch-seq': '8' }, { ...replaced, phase: dead })).toBe('foreign');
  });
});

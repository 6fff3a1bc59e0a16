import { describe, expect, it } from 'vitest';
import { asksForAttention, hasEndedLongAgo } from '../../../src/lib/credentials/endedLongAgo.ts';
import type { FindingCode } from '../../../src/lib/credentials/findings.ts';
import { assessObject } from '../../../src/lib/scan/rules/assess.ts';
import { assessment, inDays, NOW_EPOCH_MS, POLICY, secretMetadata } from '../../fakes/metadata.ts';

const ended = (...codes: FindingCode[]) =>
  assessment({
    status: 'expired',
    expiresOnEpochMs: inDays(-30),
    alertUntilEpochMs: inDays(-16),
    findings: codes.map((code) => ({ code, detail: '' })),
  });

describe('what ended long ago', () => {
  it('asks for nothing from the instant on at which its end is no alert any more', () => {
    const one = { ...ended(), alertUntilEpochMs: NOW_EPOCH_MS };
    expect([NOW_EPOCH_MS - 1, NOW_EPOCH_MS].map((now) => asksForAttention(one, now))).toEqual([true, false]);
  });

  it('is judged alike by the scan that saw it and by who looks later', () => {
    const both = [-1, 13.9, 14, 400].flatMap((days) =>
      [true, false].map((enabled) => {
        const metadata = secretMetadata({ expiresOnEpochMs: inDays(-days), enabled });
        const one = assessObject(metadata, POLICY, NOW_EPOCH_MS);
        const isFinding = one.findings.some(({ code }) => code === 'ended_long_ago');
        return [isFinding, hasEndedLongAgo(one, NOW_EPOCH_MS)];
      }),
    );
    expect(both.map(([, later]) => later)).toEqual(both.map(([seen]) => seen));
    expect(both.filter(([seen]) => seen)).toHaveLength(2);
  });

  it('is not the secret of a dead grant, which is broken until somebody consents', () => {
    expect(asksForAttention(ended('dead_grant'), NOW_EPOCH_MS)).toBe(true);
    expect(asksForAttention(ended('unowned'), NOW_EPOCH_MS)).toBe(false);
  });
});

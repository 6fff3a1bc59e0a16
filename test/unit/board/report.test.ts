import { describe, expect, it } from 'vitest';
import { boardReport } from '../../../src/lib/board/board.ts';
import { inventoryFailure } from '../../fakes/fakeInventory.ts';
import { assessment, inDays, NOW_EPOCH_MS, targetScan } from '../../fakes/metadata.ts';

const ended = assessment({ name: 'gone', status: 'expired', expiresOnEpochMs: inDays(-1) });
const reportOf = (assessments = [ended], scans = [targetScan()]) =>
  boardReport({ assessments, scans, nowEpochMs: NOW_EPOCH_MS });

describe('the report', () => {
  it('says what the board says, in one file that leads nowhere', () => {
    const text = reportOf();
    expect(text).toContain('<h1>1 broken, nothing ends soon</h1>');
    expect(text).toContain('front-desk@contoso.example');
    expect(text).not.toMatch(/(?:href|src|action)="(?!#|data:)/);
    expect(text).not.toContain('<form');
  });

  it('carries a policy that lets nothing load', () => {
    expect(reportOf()).toMatch(
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^"]+base-uri 'none'">/,
    );
  });

  it('has every credential', () => {
    const many = Array.from({ length: 120 }, (_, index) =>
      assessment({ name: `n${index}`, credentialId: `kv/secret/n${index}` }),
    );
    expect(reportOf(many).match(/<th scope="row">n\d+<\/th>/g)).toHaveLength(120);
  });

  it('says that it is not whole where a scan failed', () => {
    const text = reportOf([ended], [targetScan({ outcome: 'failed', failure: inventoryFailure() })]);
    expect(text).toContain('and not everything is seen');
    expect(text).toContain('refused to list its secrets');
  });
});

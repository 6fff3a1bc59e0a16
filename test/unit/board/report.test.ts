import { describe, expect, it } from 'vitest';
import { boardReport } from '../../../src/lib/board/board.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { scanTally } from '../../../src/lib/scan/rules/vaultScan.ts';
import type { TargetScan } from '../../../src/lib/scan/scanTarget.ts';
import { assessment, inDays, NOW_EPOCH_MS, VAULT_URL } from '../../fakes/metadata.ts';

const SCAN: TargetScan = {
  ...{ source: 'keyvault', target: VAULT_URL, vault: 'kv-front-desk', runId: 'r', mode: 'full' },
  ...{ outcome: 'complete', failure: undefined, counts: scanTally().counts() },
  ...{ pages: 1, durationMs: 1, clockSkewMs: undefined },
};
const ended = assessment({ name: 'gone', status: 'expired', expiresOnEpochMs: inDays(-1) });
const reportOf = (assessments = [ended], scans = [SCAN]) =>
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
    const failure = {
      ...permanentFailure({ code: 'x', message: 'It may not be listed.', action: 'Give the role.' }),
      reason: 'forbidden',
    };
    const text = reportOf([ended], [{ ...SCAN, outcome: 'failed', failure }]);
    expect(text).toContain('and not everything is seen');
    expect(text).toContain('It may not be listed.');
  });
});

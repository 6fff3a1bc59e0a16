import { describe, expect, it } from 'vitest';
import { credentialTable } from '../../../../src/cli/report/credentialTable.ts';
import { coloured, plain, statusStyle } from '../../../../src/cli/report/style.ts';
import { widthOf } from '../../../../src/cli/report/widthOf.ts';
import { STATUSES_WORST_FIRST } from '../../../../src/lib/credentials/statuses.ts';
import { assessment, inDays, NOW_EPOCH_MS } from '../../../fakes/metadata.ts';

const table = (...rows: Parameters<typeof assessment>[0][]) =>
  credentialTable(rows.map(assessment), [], NOW_EPOCH_MS, { paint: plain });

describe('the table of credentials', () => {
  it('shows name, vault, kind, status, both times, owner and findings', () => {
    const finding = (code: 'malformed_tag' | 'unowned') => ({ code, detail: '' });
    const [heading, line] = table({
      status: 'warning',
      expiresOnEpochMs: inDays(12),
      findings: [finding('malformed_tag'), finding('malformed_tag'), finding('unowned')],
    });
    expect(heading?.split(/ {2,}/)).toEqual('STATUS CREDENTIAL VAULT KIND ENDS ON OWNER FINDINGS'.split(' '));
    expect(line?.split(/ {2,}/)).toEqual([
      '▲ warning',
      'door-lock-api',
      'kv-front-desk',
      'secret',
      'in 12 days',
      '2026-12-04',
      'front-desk@contoso.example',
      'malformed tag, unowned',
    ]);
  });

  it('is worst first, then what ends first, then by name; what is suppressed comes last', () => {
    const lines = table(
      { name: 'valid' },
      { name: 'snoozed', status: 'expired', suppressed: 'snoozed', snoozedUntilEpochMs: inDays(3) },
      { name: 'critical-b', status: 'critical', expiresOnEpochMs: inDays(5) },
      { name: 'critical-a', status: 'critical', expiresOnEpochMs: inDays(5) },
      { name: 'critical-first', status: 'critical', expiresOnEpochMs: inDays(4) },
      { name: 'never', status: 'no_expiry', expiresOnEpochMs: undefined },
      { name: 'expired', status: 'expired', expiresOnEpochMs: inDays(-2) },
    );
    expect(lines.slice(1).map((line) => line.split(/ {2,}/)[1])).toEqual([
      'expired',
      'critical-first',
      'critical-a',
      'critical-b',
      'never',
      'valid',
      'snoozed',
    ]);
    expect(lines.at(-1)).toMatch(/^✗ expired, snoozed .* snoozed to 2026-11-25$/);
  });

  it('cuts no status on a terminal of 80 columns, snoozed or not, and keeps name, end and owner', () => {
    const rows = STATUSES_WORST_FIRST.map((status) =>
      assessment({ status, name: 'n'.repeat(127), suppressed: 'snoozed', snoozedUntilEpochMs: inDays(3) }),
    );
    const [heading, ...lines] = credentialTable(rows, [], NOW_EPOCH_MS, { paint: plain, width: 80 });
    expect(heading?.split(/ {2,}/)).toEqual(['STATUS', 'CREDENTIAL', 'ENDS', 'OWNER']);
    expect(lines.at(-1)).toMatch(/^… without VAULT, KIND, ON, FINDINGS/);
    for (const [index, status] of STATUSES_WORST_FIRST.entries()) {
      expect(lines[index]).toMatch(new RegExp(`^. ${statusStyle(status).words}, snoozed +nnn`));
      expect(widthOf(lines[index] ?? '')).toBeLessThanOrEqual(80);
    }
  });

  it('tells the statuses apart without colour, which only repeats it', () => {
    const styles = STATUSES_WORST_FIRST.map(statusStyle);
    expect(new Set(styles.map(({ mark }) => mark)).size).toBe(styles.length);
    expect(new Set(styles.map(({ words }) => words)).size).toBe(styles.length);
    const esc = String.fromCharCode(27);
    expect(table({ status: 'expired' }).join('')).not.toContain(esc);
    expect(credentialTable([assessment()], [], NOW_EPOCH_MS, { paint: coloured }).join('')).toContain(esc);
  });

  it('says that what has no end never ends, once', () => {
    const findings = [{ code: 'no_expiry', detail: '' }] as const;
    const [, line] = table({ status: 'no_expiry', expiresOnEpochMs: undefined, owner: undefined, findings });
    expect(line?.split(/ {2,}/).slice(4)).toEqual(['never', '-', '-']);
  });

  it('shows terminal escapes and reversed text of names and owners as what they are', () => {
    const lines = table({ name: '\u001b[2J\u001b]0;pwned\u0007', owner: 'a\u202eb\u200b' });
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines[1]).toContain('\\u{1b}[2J');
  });

  it('keeps a name of 127 characters from pushing everything aside', () => {
    expect(table({ name: 'n'.repeat(127) })[1]).toContain(`${'n'.repeat(43)}…  `);
  });
});

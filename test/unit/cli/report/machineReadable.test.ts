import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanCsv, scanJson } from '../../../../src/cli/report/machineReadable.ts';
import type { TargetScan } from '../../../../src/lib/scan/scanTarget.ts';
import { anyText } from '../../../fakes/anyText.ts';
import { inventoryFailure } from '../../../fakes/fakeInventory.ts';
import { assessment, inDays, targetScan } from '../../../fakes/metadata.ts';

const SCAN = targetScan({
  outcome: 'failed',
  failure: inventoryFailure({ cause: new Error('with a stack') }),
});

const json = (...given: Parameters<typeof scanJson>): string => [...scanJson(...given)].join('\n');
/** Without the end of the last line. */
const csvOf = (given: Parameters<typeof scanCsv>[0], scans: readonly TargetScan[] = []): string =>
  [...scanCsv(given, scans)].join('\n').replace(/\r$/, '');

/** Reads CSV as RFC 4180 says. */
const parseCsv = (text: string): string[][] =>
  text
    .split('\r\n')
    .map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)])
    .map((fields) => fields.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? ''));

describe('the scan as JSON', () => {
  it.each([0, 1, 3, 5_000])('is one entry after the other, whatever their number (%i)', (count) => {
    const credentials = Array.from({ length: count }, (_, index) => assessment({ name: `n-${index}` }));
    const lines = [...scanJson(credentials, [SCAN, SCAN])];
    const document = JSON.parse(lines.join('\n'));
    expect(document.credentials).toHaveLength(count);
    expect(document.scans).toHaveLength(2);
    expect(lines.join('\n')).toBe(JSON.stringify(document, null, 2));
    // Half a million of them in one text would be longer than V8 allows.
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(2_000);
  });

  it('has instants in ISO 8601 and null for what is absent', () => {
    const { credentials, scans } = JSON.parse(json([assessment({ expiresOnEpochMs: inDays(1) })], [SCAN]));
    expect(credentials).toEqual([
      {
        credentialId: 'kv-front-desk/secret/door-lock-api',
        vault: 'kv-front-desk',
        kind: 'secret',
        name: 'door-lock-api',
        status: 'valid',
        expiresOn: '2026-11-23T12:00:00Z',
        notBefore: null,
        warningAt: '2027-05-11T12:00:00Z',
        criticalAt: '2027-05-31T12:00:00Z',
        owner: 'front-desk@contoso.example',
        runbook: null,
        targets: [],
        suppressed: null,
        snoozedUntil: null,
        renewal: null,
        findings: [],
        origins: {},
      },
    ]);
    expect(scans).toMatchObject([
      { vault: 'kv-front-desk', outcome: 'failed', byStatus: { expired: 0 }, pages: 2, durationMs: 13 },
    ]);
    expect(Object.keys(scans[0].failure)).toEqual(['reason', 'message', 'action']);
  });

  it('keeps every name as it is for who parses it, and shows nothing to a terminal', () => {
    const name = anyText({ maxLength: 60 });
    fc.assert(
      fc.property(name, (given) => {
        const text = json([assessment({ name: given })], []);
        expect(JSON.parse(text).credentials[0].name).toBe(given);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
      { examples: [['tag \u{e0020} outside of the first plane']] },
    );
  });

  it('has null for an instant that no calendar has', () => {
    const text = json([assessment({ expiresOnEpochMs: 9e15, warningAtEpochMs: Number.NaN })], []);
    expect(JSON.parse(text).credentials[0]).toMatchObject({ expiresOn: null, warningAt: null });
  });
});

describe('the scan as CSV', () => {
  it('names each kind of finding once', () => {
    const finding = { code: 'malformed_tag', detail: 'Tag.' } as const;
    const unowned = { code: 'unowned', detail: 'Nobody.' } as const;
    const text = csvOf([assessment({ findings: [finding, finding, unowned] })]);
    expect(text).toContain(',malformed_tag unowned,');
  });

  const ownerOf = (owner: string) => parseCsv(csvOf([assessment({ owner })]))[1]?.[6] ?? '';

  it('has a heading and a line for each credential, worst first', () => {
    const findings = [
      { code: 'unowned', detail: '' },
      { code: 'no_expiry', detail: '' },
    ] as const;
    const expired = { name: 'old', status: 'expired', suppressed: undefined } as const;
    expect(parseCsv(csvOf([assessment({ findings }), assessment(expired)]))).toEqual([
      'credentialId,vault,kind,name,status,expiresOn,owner,suppressed,findings,notBefore,warningAt,criticalAt,targets'.split(
        ',',
      ),
      expect.arrayContaining(['kv-front-desk/secret/old', 'expired', '2027-06-10T12:00:00Z']),
      expect.arrayContaining(['door-lock-api', 'valid', 'unowned no_expiry']),
    ]);
  });

  it('says from when it is good, when it becomes urgent, and at which hosts it is used, whole', () => {
    const targets = Array.from({ length: 10 }, (_, index) => `${'h'.repeat(60)}.${index}.partner.example`);
    const given = assessment({ notBeforeEpochMs: inDays(-30), targets });
    expect(parseCsv(csvOf([given]))[1]?.slice(9)).toEqual([
      '2026-10-23T12:00:00Z',
      '2027-05-11T12:00:00Z',
      '2027-05-31T12:00:00Z',
      targets.join(' '),
    ]);
    const endless = {
      expiresOnEpochMs: undefined,
      warningAtEpochMs: undefined,
      criticalAtEpochMs: undefined,
    };
    expect(parseCsv(csvOf([assessment(endless)]))[1]?.slice(9)).toEqual(['', '', '', '']);
  });

  it('quotes commas and quotes', () => {
    expect(ownerOf('Ops, "night"')).toBe('Ops, "night"');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '＝1', '＠x'])(
    'disarms "%s", which a spreadsheet would run',
    (text) => {
      expect(ownerOf(text)).toBe(`'${text}`);
    },
  );

  it('disarms what a spreadsheet would run that parts fields at semicolons', () => {
    expect(ownerOf('ops;=1+1;-ops')).toBe("ops;'=1+1;'-ops");
    expect(ownerOf('ops; "@SUM(A1)"')).toBe('ops;\' "@SUM(A1)"');
    expect(ownerOf('ops; night')).toBe('ops; night');
  });

  it('gives no field that starts a formula and no line that somebody else made', () => {
    const text = fc.oneof(
      anyText(),
      fc.string().map((end) => `=${end}`),
      fc.constantFrom('a\r\n=b', 'a;=b'),
    );
    fc.assert(
      fc.property(text, text, text, (name, owner, target) => {
        const csv = csvOf([assessment({ name, owner, targets: [target] })]);
        expect(csv.split(/\r|\n/).filter((line) => line !== '')).toHaveLength(2);
        for (const field of parseCsv(csv).flat()) expect(field).not.toMatch(/(?:^|;)\s*[=+\-@＝＋－＠]/);
      }),
    );
  });
});

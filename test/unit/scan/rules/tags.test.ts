import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TAGS } from '../../../../src/lib/credentials/tagNames.ts';
import { GRANT_TAGS } from '../../../../src/lib/oauth/rules/grantTagNames.ts';
import { readTags } from '../../../../src/lib/scan/rules/tags.ts';
import { anyText } from '../../../fakes/anyText.ts';
import { inDays, NOW_EPOCH_MS } from '../../../fakes/metadata.ts';

const read = (tags: Record<string, string>) => readTags(tags, NOW_EPOCH_MS);
const details = (tags: Record<string, string>) => read(tags).findings.map(({ detail }) => detail);

describe('the tags of an object', () => {
  it('steer its alerts', () => {
    expect(
      read({
        'keywatch-owner': ' night-shift@contoso.example ',
        'keywatch-warning-days': '45',
        'keywatch-critical-days': '20%',
        'keywatch-runbook': 'https://wiki.contoso.example/locks',
        'keywatch-snooze-until': '2026-12-24',
        'keywatch-ignore': 'False',
        'keywatch-target': 'API.locks.example, contoso.my.salesforce.com',
      }),
    ).toEqual({
      owner: 'night-shift@contoso.example',
      warning: { days: 45 },
      critical: { lifetimeShare: 0.2 },
      runbook: 'https://wiki.contoso.example/locks',
      snoozeUntilEpochMs: Date.parse('2026-12-24T23:59:59.999Z'),
      ignoreUntilEpochMs: undefined,
      targets: ['api.locks.example', 'contoso.my.salesforce.com'],
      findings: [],
    });
  });

  it('ask for nothing when none is ours', () => {
    const asked = read({ owner: 'x', 'cost-center': '1', 'key-watch': 'y', keywatch: 'z', '': '' });
    expect(asked).toEqual({ ...read({}), findings: [] });
    expect([asked.owner, asked.ignoreUntilEpochMs]).toEqual([undefined, undefined]);
  });

  it('that hold an address in the wrong place are reported without what may be secret in it', () => {
    const secret = 'sig-5f1d7c';
    for (const tag of [TAGS.warningDays, TAGS.criticalDays, TAGS.snoozeUntil, TAGS.ignore])
      for (const text of [`https://u:${secret}@h.example/x`, `https://h.example/?sig=${secret}`]) {
        const [finding] = readTags({ [tag]: text }, NOW_EPOCH_MS).findings;
        expect(finding?.detail).toContain('h.example');
        expect(finding?.detail).not.toContain(secret);
      }
  });

  it('that Keywatch writes on the secrets of grants are no mistake', () => {
    expect(details(Object.fromEntries(Object.values(GRANT_TAGS).map((tag) => [tag, 'anything'])))).toEqual(
      [],
    );
  });

  it('with a typing error are a finding that says which was meant', () => {
    expect(details({ 'keywatch-onwer': 'x' })).toEqual([
      'Tag keywatch-onwer is not one that Keywatch knows; allowed is keywatch-owner, if that was meant.',
    ]);
    expect(details({ 'KeyWatch-Ignore': 'true' })).toEqual([expect.stringContaining('keywatch-ignore')]);
    expect(details({ 'keywatch-zzzzzzzzzzzz': '' })).toEqual([
      expect.stringContaining('one of keywatch-owner,'),
    ]);
  });
});

describe('a malformed tag', () => {
  it.each([
    [TAGS.owner, ''],
    [TAGS.owner, ' '],
    [TAGS.owner, 'a'.repeat(129)],
    [TAGS.owner, 'ops\u001b[2J'],
    [TAGS.warningDays, 'soon'],
    [TAGS.warningDays, '-1'],
    [TAGS.criticalDays, '200%'],
    [TAGS.criticalDays, 'NaN'],
    [TAGS.runbook, 'http://wiki.contoso.example'],
    [TAGS.runbook, 'javascript:alert(1)'],
    [TAGS.runbook, 'https://user:pw@wiki.contoso.example'],
    [TAGS.runbook, 'https://wiki.contoso.example/\u202egpj'],
    [TAGS.runbook, 'https://wiki.contoso.example/locks?sig=aGVsbG8'],
    [TAGS.runbook, 'https://wiki.contoso.example/locks#access_token=s3cret'],
    [TAGS.runbook, 'wiki'],
    [TAGS.snoozeUntil, '2026-02-30'],
    [TAGS.snoozeUntil, '2026-12-24T10:00:00'],
    [TAGS.snoozeUntil, '9999-12-31'],
    [TAGS.ignore, 'yes'],
    [TAGS.ignore, ''],
    [TAGS.target, ''],
    [TAGS.target, 'https://api.locks.example'],
    [TAGS.target, 'api.locks.example, 10.0.0.1'],
  ])('%s = "%s" is a finding with what is allowed, and asks for nothing', (tag, text) => {
    const { findings, ...asked } = read({ [tag]: text });
    expect(findings).toEqual([
      { code: 'malformed_tag', detail: expect.stringMatching(/allowed is .+ without it applies/) },
    ]);
    expect(new Set(Object.values(asked))).toEqual(new Set([undefined]));
  });

  it('that is no text at all is a finding too', () => {
    for (const rubbish of [null, {}, ['x'], undefined]) {
      expect(read({ [TAGS.warningDays]: rubbish as unknown as string }).findings).toHaveLength(1);
    }
  });
});

describe('a snooze', () => {
  it('lasts at most 90 days, so that a tag cannot silence an alert for good', () => {
    expect(read({ [TAGS.snoozeUntil]: '2027-02-20' }).snoozeUntilEpochMs).toBeGreaterThan(inDays(90));
    expect(details({ [TAGS.snoozeUntil]: '2027-02-22' })).toEqual([expect.stringContaining('90 days ahead')]);
  });

  it('that is over is no finding', () => {
    expect(read({ [TAGS.snoozeUntil]: '2020-01-01' }).findings).toEqual([]);
  });
});

describe('256 characters of rubbish', () => {
  const rubbish = anyText({ maxLength: 256 });
  const name = fc.oneof(
    fc.constantFrom(...Object.values(TAGS)),
    rubbish.map((text) => `keywatch-${text}`),
    rubbish,
    fc.constantFrom('__proto__', 'constructor', 'toString'),
  );

  it('never throw, and never show through in a finding', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, rubbish), { maxLength: 15 }), (entries) => {
        const { findings, owner, runbook } = read(Object.fromEntries(entries));
        for (const text of [...findings.map(({ detail }) => detail), owner ?? '', runbook ?? '']) {
          expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(text.length).toBeLessThan(512);
        }
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { assessObject, grantObjectKey, type VaultPolicy } from '../../../../src/lib/scan/rules/assess.ts';
import {
  type ConfigRule,
  mostExactFirst,
  namesWhole,
  type RuleMatch,
} from '../../../../src/lib/scan/rules/configRule.ts';
import type { CredentialMetadata } from '../../../../src/lib/scan/rules/credential.ts';
import { originsOf } from '../../../../src/lib/scan/rules/resolve.ts';
import type { Said } from '../../../../src/lib/scan/rules/sources.ts';
import { vaultRules } from '../../../../src/lib/scan/rules/vaultRules.ts';
import {
  inDays,
  NOW_EPOCH_MS,
  POLICY,
  secretMetadata,
  VAULT_URL,
  vaultSays,
} from '../../../fakes/metadata.ts';

type Entry = readonly [RuleMatch, Said, string?];
const rules = (...entries: readonly Entry[]): readonly ConfigRule[] =>
  mostExactFirst(
    entries.map(([match, says, reason], index) => ({
      ...{ origin: `rules[${index}]`, match, says, reason },
      scope: namesWhole(match) ? ('one' as const) : ('group' as const),
    })),
  );
const assess = (
  given: readonly ConfigRule[],
  changes: Partial<CredentialMetadata> = {},
  policy: Partial<VaultPolicy> = {},
) => {
  const of = { ...POLICY, rules: vaultRules(given, { name: POLICY.name, url: VAULT_URL }), ...policy };
  const assessment = assessObject(secretMetadata(changes), of, NOW_EPOCH_MS);
  return { ...assessment, origins: assessment.judgement && originsOf(assessment.judgement) };
};
const days = ({ expiresOnEpochMs = 0, warningAtEpochMs = 0, criticalAtEpochMs = 0 }) =>
  [warningAtEpochMs, criticalAtEpochMs].map((at) => (expiresOnEpochMs - at) / DAY_MS);

const WHOLE = { name: 'door-lock-api' };
const SOME = { name: 'door-*' };

describe('what holds of a credential', () => {
  it('says for every value where it came from', () => {
    const given = assess(
      rules([SOME, { warning: { days: 60 }, runbook: 'https://wiki.example/doors' }], [{ kind: 'key' }, {}]),
      { tags: { 'keywatch-critical-days': '5', 'keywatch-target': 'api.locks.example' } },
    );
    expect(given.origins).toEqual({
      owner: 'vault',
      warning: 'rules[0]',
      critical: 'tag',
      runbook: 'rules[0]',
      targets: 'tag',
    });
    expect(days(given)).toEqual([60, 5]);
    expect(assess([]).origins).toEqual({ owner: 'vault', warning: 'built-in', critical: 'built-in' });
  });

  it('is an alert, fine or a finding where it has no end, by the most exact that says so', () => {
    const endless = (given: readonly ConfigRule[], vault: Said) => {
      const policy = { says: [vaultSays({ owner: 'team', ...vault })] };
      const { status, findings, origins } = assess(given, { expiresOnEpochMs: undefined }, policy);
      return [status, findings.map(({ code }) => code), origins?.mustExpire];
    };
    expect(endless([], {})).toEqual(['no_expiry', ['no_expiry'], undefined]);
    expect(endless([], { mustExpire: true })).toEqual(['end_missing', [], 'vault']);
    expect(endless(rules([SOME, { mustExpire: false }]), { mustExpire: true })).toEqual([
      'valid',
      [],
      'rules[0]',
    ]);
    expect(assess([], {}, { says: [vaultSays({ mustExpire: true })] }).status).toBe('valid');
  });

  it('is what its own tag says, before any rule', () => {
    const given = assess(rules([WHOLE, { owner: 'rule', warning: { days: 60 } }]), {
      tags: { 'keywatch-owner': 'tag', 'keywatch-warning-days': '45' },
    });
    expect([given.owner, ...days(given)]).toEqual(['tag', 45, 10]);
  });

  it('is what the grant says that uses it, unless a rule names it whole', () => {
    const grantObjects = new Map([
      [grantObjectKey('secret', 'door-lock-api'), { grantId: 'locks', owner: 'grant', runbook: undefined }],
    ]);
    const ownerBy = (...given: readonly Entry[]) => assess(rules(...given), {}, { grantObjects });
    expect(ownerBy([SOME, { owner: 'rule' }])).toMatchObject({
      owner: 'grant',
      origins: { owner: 'grant locks' },
    });
    expect(ownerBy([WHOLE, { owner: 'rule' }]).owner).toBe('rule');
  });

  it('goes by the owner where a rule does, whoever named that owner', () => {
    const ofDesk = [{ owner: 'Front-Desk' }, { warning: { days: 60 } }] as const;
    expect(days(assess(rules(ofDesk, [SOME, { owner: 'front-desk' }])))).toEqual([60, 10]);
    expect(days(assess(rules(ofDesk), { tags: { 'keywatch-owner': 'front-desk' } }))).toEqual([60, 10]);
    expect(days(assess(rules(ofDesk)))).toEqual([30, 10]);
  });

  it('takes a share of a short life for a group, and the days as they stand for one', () => {
    const week = { createdEpochMs: inDays(0), expiresOnEpochMs: inDays(9) };
    expect(days(assess(rules([SOME, { warning: { days: 45 } }]), week))).toEqual([4.5, 1]);
    expect(days(assess(rules([WHOLE, { warning: { days: 7 } }]), week))).toEqual([7, 1]);
  });

  it('moves the less exact threshold along where two sources cross, without a finding', () => {
    const some = rules([SOME, { critical: { days: 40 } }]);
    expect(days(assess(some))).toEqual([40, 40]);
    const given = assess(some, { tags: { 'keywatch-warning-days': '20' } });
    expect([...days(given), given.findings]).toEqual([20, 20, []]);
    const both = rules([SOME, { critical: { days: 40 } }], [WHOLE, { warning: { days: 35 } }]);
    expect(days(assess(both))).toEqual([35, 35]);
  });
});

describe('a rule that silences', () => {
  const near = { expiresOnEpochMs: inDays(5) };
  const snooze = (untilDays: number) =>
    rules([SOME, { snoozeUntilEpochMs: inDays(untilDays) }, 'renewal ordered']);
  const ignore = (untilDays: number) =>
    rules([SOME, { ignoreUntilEpochMs: inDays(untilDays) }, 'a test system']);

  it('snoozes what somebody may not tag, and says why; never the end itself', () => {
    expect(assess(snooze(3), near)).toMatchObject({
      suppressed: 'snoozed',
      snoozedUntilEpochMs: inDays(3),
      origins: { snooze: 'rules[0] (renewal ordered)' },
    });
    expect(assess(snooze(3), { expiresOnEpochMs: inDays(-1) }).suppressed).toBeUndefined();
    expect(assess(snooze(-1), near).suppressed).toBeUndefined();
  });

  it('ignores until its end, and no longer', () => {
    expect(assess(ignore(3), near)).toMatchObject({
      suppressed: 'ignored',
      origins: { ignore: 'rules[0] (a test system)' },
    });
    expect(assess(ignore(-1), near)).toMatchObject({ suppressed: undefined });
    expect(assess(ignore(-1), near).origins?.ignore).toBeUndefined();
  });

  it('has a bound: what is further ahead silences nothing', () => {
    expect(
      [snooze(90), snooze(92), ignore(366), ignore(368)].map((one) => assess(one, near).suppressed),
    ).toEqual(['snoozed', undefined, 'ignored', undefined]);
  });

  it('adds to what a tag silences: the longer holds', () => {
    const tags = { 'keywatch-snooze-until': '2026-12-24' };
    expect(assess(snooze(3), { ...near, tags }).origins?.snooze).toBe('tag');
    expect(assess(snooze(60), { ...near, tags }).snoozedUntilEpochMs).toBe(inDays(60));
    expect(assess(snooze(3), { ...near, tags: { 'keywatch-ignore': 'true' } }).suppressed).toBe('ignored');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConfigRule,
  contradictionOf,
  exactnessOf,
  mostExactFirst,
  namesWhole,
  type RuleMatch,
} from '../../../../src/lib/scan/rules/configRule.ts';
import { resolve } from '../../../../src/lib/scan/rules/resolve.ts';
import { vaultRules } from '../../../../src/lib/scan/rules/vaultRules.ts';
import { NOW_EPOCH_MS } from '../../../fakes/metadata.ts';

const ruleOf = (match: RuleMatch, says: ConfigRule['says'] = {}, index = 0): ConfigRule => ({
  origin: `rules[${index}]`,
  scope: namesWhole(match) ? 'one' : 'group',
  match,
  says,
});

const VAULT = { name: 'front-desk', url: 'https://kv-a.vault.azure.net' };
const matchesObject = (match: RuleMatch, object: { kind: 'secret' | 'key'; name: string }): boolean => {
  const rules = vaultRules([ruleOf({ ...match, vault: undefined })], VAULT);
  return (rules?.matching(object) ?? []).length > 0;
};

describe('a rule matches', () => {
  it.each([
    ['sf-token', 'SF-Token', true],
    ['sf-token', 'sf-token-2', false],
    ['sf-*', 'sf-', true],
    ['sf-*', 'asf-1', false],
    ['*-key', 'a-key', true],
    ['*-key', 'key', false],
    ['a*a', 'a', false],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'acb', false],
    ['*ab*ab*', 'xabyab', true],
    ['*ab*ab*', 'xaba', false],
    ['*', '', true],
  ])('by the name %s: %s is %s', (name, of, expected) => {
    expect(matchesObject({ name }, { kind: 'secret', name: of })).toBe(expected);
  });

  it('what a regular expression with the same meaning does', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(pattern, name, (given, text) => {
        const expected = new RegExp(`^${given.replaceAll('*', '.*')}$`).test(text);
        expect(matchesObject({ name: given }, { kind: 'key', name: text })).toBe(expected);
      }),
    );
  });

  it('by kind, and by the name or the address of the vault', () => {
    expect(matchesObject({ kind: 'key' }, { kind: 'secret', name: 'x' })).toBe(false);
    const isFor = (vault?: string) => vaultRules([ruleOf({ vault })], VAULT) !== undefined;
    expect([undefined, 'Front-Desk', VAULT.url, 'kv-a'].map(isFor)).toEqual([true, true, true, false]);
  });

  it('a long name in time that does not grow with its stars', () => {
    const match = { name: `${'*a'.repeat(63)}*` };
    expect(matchesObject(match, { kind: 'secret', name: 'a'.repeat(100_000) })).toBe(true);
    expect(matchesObject(match, { kind: 'secret', name: 'b'.repeat(100_000) })).toBe(false);
  });
});

const NAMES = ['sf-prod-key', 'sf-prod', 'key', 'x'];
const OWNERS = ['ops', 'desk', undefined];
const KINDS = ['secret', 'key'] as const;
const match = fc
  .record(
    {
      vault: fc.constantFrom('kv-a'),
      kind: fc.constantFrom(...KINDS),
      name: fc.constantFrom(...NAMES, 'sf-*', '*-key', 'sf-*-key', '*prod*', '*'),
      owner: fc.constantFrom('ops', 'desk'),
    },
    { requiredKeys: [] },
  )
  .filter((given) => Object.keys(given).length > 0);
const says = fc.record(
  {
    warning: fc.constantFrom({ days: 40 }, { days: 50 }),
    runbook: fc.constantFrom('https://a.example/', 'https://b.example/'),
  },
  { requiredKeys: [] },
);

describe('the most exact rule', () => {
  it.each<[string, RuleMatch, RuleMatch]>([
    [
      'a whole name, before any pattern',
      { name: 'a' },
      { vault: 'kv', owner: 'x', kind: 'key', name: 'aaaa*' },
    ],
    ['more of the name', { name: 'sf-p*' }, { vault: 'kv', owner: 'x', kind: 'key', name: 'sf-*' }],
    ['a vault, before owner and kind', { vault: 'kv' }, { owner: 'x', kind: 'key' }],
    ['an owner, before a kind', { owner: 'x' }, { kind: 'key' }],
    ['all that and a kind', { vault: 'kv', kind: 'key' }, { vault: 'kv' }],
  ])('is that with %s', (_what, more, less) => {
    expect(exactnessOf(more)).toBeGreaterThan(exactnessOf(less));
    expect(mostExactFirst([ruleOf(less), ruleOf(more)])[0]?.match).toBe(more);
  });

  it('decides whatever the order of the rules is, wherever none contradicts another', () => {
    const rules = fc.uniqueArray(fc.tuple(match, says), { maxLength: 8 });
    fc.assert(
      fc.property(rules, fc.infiniteStream(fc.nat()), (entries, [seed = 0]) => {
        const given = entries.map(([one, value], index) => ruleOf(one, value, index));
        const agree = given.filter(
          (one, index) => !given.slice(0, index).some((other) => contradictionOf(other, one) !== undefined),
        );
        const shuffled = agree.toSorted((a, b) => (a.origin + seed < b.origin + seed ? 1 : -1));
        const judge = (order: readonly ConfigRule[], name: string, owner: string | undefined) => {
          const general = [{ origin: 'vault', scope: 'vault', says: { owner } }] as const;
          const speakers = {
            tags: undefined,
            rules: vaultRules(mostExactFirst(order), { ...VAULT, name: 'kv-a' }),
            grant: undefined,
            general,
          };
          const { sources } = resolve({ kind: 'secret', name }, speakers, NOW_EPOCH_MS);
          return ['warning', 'runbook'].map(
            (member) =>
              sources.find((one) => one.says[member as 'warning'] !== undefined)?.says[member as 'warning'],
          );
        };
        for (const name of NAMES)
          for (const owner of OWNERS) expect(judge(shuffled, name, owner)).toEqual(judge(agree, name, owner));
      }),
    );
  });

  it('contradicts another exactly where some credential would hear two things of equals', () => {
    fc.assert(
      fc.property(match, match, says, says, (one, other, a, b) => {
        const [first, second] = [ruleOf(one, a), ruleOf(other, b)];
        const contradiction = contradictionOf(first, second);
        expect(contradictionOf(second, first) === undefined).toBe(contradiction === undefined);
        const doBothMatch = NAMES.some((name) =>
          KINDS.some((kind) => [one, other].every((each) => matchesObject(each, { kind, name }))),
        );
        const isOwnerShared =
          one.owner === undefined || other.owner === undefined || one.owner === other.owner;
        const doDiffer = (['warning', 'runbook'] as const).some(
          (member) =>
            a[member] !== undefined &&
            b[member] !== undefined &&
            JSON.stringify(a[member]) !== JSON.stringify(b[member]),
        );
        const isEqual = exactnessOf(one) === exactnessOf(other);
        if (isEqual && doBothMatch && isOwnerShared && doDiffer) expect(contradiction).toBeDefined();
        if (!isEqual || !doDiffer || !isOwnerShared) expect(contradiction).toBeUndefined();
      }),
    );
  });

  it.each([
    ['sf-*', '*-db', true],
    ['sf-*', 'db-*', false],
    ['*-a', '*-b', false],
    ['*a*', '*b*', true],
  ])('meets another by name: %s and %s: %s', (one, other, expected) => {
    const [a, b] = [ruleOf({ name: one }, { owner: 'x' }), ruleOf({ name: other }, { owner: 'y' })];
    const equal = exactnessOf(a.match) === exactnessOf(b.match);
    expect(equal && contradictionOf(a, b) !== undefined).toBe(expected);
  });
});

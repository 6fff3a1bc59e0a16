import { describe, expect, it } from 'vitest';
import { configOf, faultsOf } from '../../fakes/config.ts';

const VAULT = 'https://kv-a.vault.azure.net';
const faults = (...rules: unknown[]) => faultsOf({}, { rules });

describe('the rules of the config file', () => {
  it('reach the vaults that they match, by address or by name, the most exact first', () => {
    const rules = [
      { match: { kind: 'key' }, warning: 45, endedLongAgoDays: 30 },
      { match: { vault: 'front-desk', name: 'sf-*' }, owner: 'crm', targets: ['API.crm.example'] },
      { match: { vault: VAULT, name: 'sf-token' }, snoozeUntil: '2026-12-31', reason: 'renewal ordered' },
      { match: { vault: 'kv-b' }, critical: '5%' },
    ];
    const config = configOf({}, { vaults: [{ url: VAULT, name: 'front-desk' }], rules });
    const of = (url: string, name: string, kind: 'secret' | 'key' = 'secret') =>
      config
        .policyOf(url)
        .rules?.matching({ kind, name })
        .map(({ origin, scope }) => [origin, scope]);
    expect(of(VAULT, 'SF-Token', 'key')).toEqual([
      ['rules[2]', 'one'],
      ['rules[1]', 'group'],
      ['rules[0]', 'group'],
    ]);
    expect(of(VAULT, 'sf-other')).toEqual([['rules[1]', 'group']]);
    expect(of('https://kv-b.vault.azure.net', 'sf-token')).toEqual([['rules[3]', 'group']]);
    expect(config.rules[1]?.says.targets).toEqual(['api.crm.example']);
    expect(config.rules.at(-1)?.says).toMatchObject({ warning: { days: 45 }, endedLongAgoDays: 30 });
    expect(configOf().policyOf(VAULT).rules).toBeUndefined();
  });

  it('know one vault by its name and by its address in any spelling', () => {
    const vaults = [{ url: VAULT, name: 'front-desk' }];
    const config = configOf({}, { vaults, rules: [{ match: { vault: `${VAULT}/` }, owner: 'crm' }] });
    expect(config.policyOf(VAULT).rules?.matching({ kind: 'secret', name: 'a' })).toHaveLength(1);
    const both = [`${VAULT}/`, 'front-desk'].map((vault, n) => ({
      match: { vault, name: 'a' },
      owner: `o${n}`,
    }));
    expect(faultsOf({}, { vaults, rules: both })).toEqual([
      expect.stringContaining('rules[1].owner: as exact as'),
    ]);
    expect(faults({ match: { vault: 'https://example.org/x' }, owner: 'crm' })).toEqual([
      expect.stringContaining('rules[0].match.vault: '),
    ]);
  });

  it.each<[string, object, string]>([
    ['nothing that it matches', { match: {}, owner: 'x' }, '.match: nothing; allowed: at least one of'],
    ['nothing that it says', {}, ': a match and nothing else'],
    ['another owner of an owner', { match: { owner: 'a' }, owner: 'b' }, '.owner: an owner for those of'],
    ['no reason', { ignoreUntil: '2027-01-01' }, '.reason: missing'],
    ['no date', { ignoreUntil: 'soon', reason: 'x' }, '.ignoreUntil: "soon"; allowed: a date'],
    ['a pattern with a dot', { match: { name: 'sf.*' }, owner: 'x' }, '.match.name: "sf.*"'],
    ['crossing thresholds', { warning: 5, critical: 9 }, ': warning 5 days and critical'],
    ['a typing error', { match: { nam: 'a' }, owner: 'x' }, '.match.nam: a name that Keywatch does not know'],
  ])('have a fault where one has %s', (_what, rule, words) => {
    expect(faults({ match: { name: 'a' }, ...rule })).toEqual([expect.stringContaining(`rules[0]${words}`)]);
  });

  it('contradict each other where two are equally exact, and both are named', () => {
    expect(
      faults({ match: { name: 'sf-*' }, warning: 40 }, { match: { name: '*-db' }, warning: 50, owner: 'x' }),
    ).toEqual([
      'config file: rules[1].warning: as exact as rules[0], and says something else of the same credentials; allowed: one of them more exact, by name, vault, owner or kind',
    ]);
    const apart = [
      { match: { vault: 'kv-a' }, owner: 'x' },
      { match: { vault: 'kv-b' }, owner: 'y' },
    ];
    const agreeing = [
      { match: { name: 'sf-*' }, warning: 40 },
      { match: { name: '*-db' }, warning: '40' },
    ];
    expect([faults(...apart), faults(...agreeing)]).toEqual([[], []]);
  });
});

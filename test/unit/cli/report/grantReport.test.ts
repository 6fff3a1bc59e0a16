import { describe, expect, it } from 'vitest';
import { grantReport } from '../../../../src/cli/report/grantReport.ts';
import { plain } from '../../../../src/cli/report/style.ts';
import type { Grant } from '../../../../src/lib/oauth/rules/grant.ts';
import type { ProviderProfile } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { refreshWorld } from '../../../fakes/refresh/refreshWorld.ts';

const report = (profile: Partial<ProviderProfile> = {}, grant: Partial<Grant> = {}): string[] => {
  const world = refreshWorld({ kind: 'strict' });
  const known = { ...world.profile, unknowns: [], advice: [], ...profile };
  return grantReport({ grant: { ...world.grant, ...grant }, profile: known }, plain).slice(1);
};

describe('the report of a grant', () => {
  it('says how its provider rotates and when it dies, and nothing where nothing is amiss', () => {
    expect(report({ idleDays: 90, absoluteDays: 365 })).toEqual([
      'grant crm at strict: a new refresh token each time, the old one dies at once; dies after 90 days unused, ends after 365 days',
    ]);
  });

  it('says how many versions a year a short life makes, where Key Vault could not back them up', () => {
    const lines = (idleDays: number, rotation: ProviderProfile['rotation']) =>
      report({ idleDays, rotation }).filter((line) => line.includes('versions'));
    expect(lines(3, { kind: 'strict' })).toEqual([expect.stringContaining('about 541 versions')]);
    expect(lines(3, { kind: 'keeps_old' })).toEqual([]);
    expect(lines(1, { kind: 'keeps_old' })).toEqual([expect.stringContaining('about 811 versions')]);
    expect(lines(1, { kind: 'static' })).toEqual([]);
    expect(lines(7, { kind: 'strict' })).toEqual([]);
  });

  it('says where a token is kept that changes too often for the vault, and counts no versions then', () => {
    const strict = report({ idleDays: 1 });
    const handedOut = report(
      { idleDays: 1, rotation: { kind: 'keeps_old' } },
      { accessTokens: { callers: [] } },
    );
    for (const lines of [strict, handedOut]) {
      expect(lines.filter((line) => line.includes('kept sealed in keywatch-tokens'))).toHaveLength(1);
      expect(lines.filter((line) => line.includes('versions'))).toEqual([]);
    }
    expect(report({ idleDays: 1 }, { mode: 'observed' }).join()).not.toContain('sealed');
  });

  it('says of a life that is shorter than two runs of the timer that it cannot be kept', () => {
    const lines = (minutes: number, rotation: ProviderProfile['rotation']) =>
      report({ idleDays: minutes / 1440, rotation }).filter((line) => line.includes('less than 20 minutes'));
    expect(lines(19, { kind: 'static' })).toEqual([expect.stringContaining('KEYWATCH_REFRESH_SCHEDULE')]);
    expect(lines(10, { kind: 'strict' })).toHaveLength(1);
    expect(lines(20, { kind: 'strict' })).toEqual([]);
    expect(report({ idleDays: 15 / 1440, absoluteDays: undefined })[0]).toMatch(
      /dies after 15 minutes unused$/,
    );
    expect(report({ idleDays: 10 / 1440 }, { mode: 'observed' }).join()).not.toContain(
      'less than 20 minutes',
    );
  });

  it('says that no lifetime is known rather than none at all', () => {
    expect(report({ idleDays: undefined, absoluteDays: undefined })[0]).toMatch(/; no lifetime is known$/);
  });

  it('says that nobody owns it, what is not documented and what would be safer', () => {
    const advice = [{ code: 'turn_on_grace', text: 'Turn the grace period on.' }];
    const { owner: _owner, ...unowned } = refreshWorld({ kind: 'strict' }).grant;
    const world = refreshWorld({ kind: 'strict' });
    const profile = { ...world.profile, unknowns: ['the idle limit'], advice } as unknown as ProviderProfile;
    expect(grantReport({ grant: unowned, profile }, plain).slice(2)).toEqual([
      '  ▲ nobody is named as its owner: set "owner"',
      '  … not documented: the idle limit',
      '  ▲ Turn the grace period on.',
    ]);
  });

  it('says that no consent asks for what its proof call wants, where it is proven', () => {
    const lines = (
      asked: readonly string[],
      grant: Partial<Grant> = {},
      proofCall = { url: 'https://crm.example/me', scope: 'api' },
    ) => {
      const authorization = { endpoint: 'https://crm.example/authorize', scopes: asked };
      return report({ authorization, proofCall }, { prove: true, ...grant }).slice(1);
    };
    expect(lines(['refresh_token'])).toEqual([
      '  ▲ its proof call wants the scope api, for which no consent asks: add it to "scopes", unless one of them includes it',
    ]);
    expect(lines([], { scopes: ['read'] })).toHaveLength(1);
    expect(lines(['refresh_token'], { scopes: ['api'] })).toEqual([]);
    expect(lines(['refresh_token'], { prove: false })).toEqual([]);
    expect(lines([])).toEqual([]);
  });

  it('lets no control character of a name through', () => {
    expect(report({ displayName: 'evil\u001b[2J' }).join('')).not.toContain('\u001b');
  });
});

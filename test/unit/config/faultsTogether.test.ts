import { expect, it } from 'vitest';
import { BOOKINGS, faultsOf, PARTNER as PROVIDER } from '../../fakes/config.ts';

const VAULT = BOOKINGS.vault;
const GRANT = { ...BOOKINGS, mode: 'observed' };
const placesOf = (file: unknown) =>
  faultsOf({}, file).map((line) => /\b(?:\w+\[\d\]|defaults)/.exec(line)?.[0]);

it('what a section says wrongly and what another means wrongly are reported at once', () => {
  const file = {
    vaults: [{ url: VAULT, ownr: 'x' }],
    providers: [{ ...PROVIDER, tokenEndpoint: 'http://as.partner.example/token' }],
    grants: [GRANT, GRANT],
  };
  expect(placesOf(file)).toEqual(['vaults[0]', 'providers[0]', 'grants[1]', 'grants[1]']);
});

it.each<[string, object, string[]]>([
  [
    'a grant of a provider',
    { providers: [{ ...PROVIDER, idleDays: 'nine' }], grants: [GRANT] },
    ['providers[0]'],
  ],
  [
    'a page of a vault before a warning of the defaults',
    { defaults: { warning: 90, ownr: 'x' }, vaults: [{ url: VAULT, critical: 60 }] },
    ['defaults'],
  ],
])('%s is not called wrong for a fault of the other section', (_what, file, places) => {
  expect(placesOf(file)).toEqual(places);
});

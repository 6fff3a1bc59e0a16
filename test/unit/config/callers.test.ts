import { describe, expect, it } from 'vitest';
import { hasRole, READ, RECONNECT, tokenRole } from '../../../src/lib/callers/rules/roles.ts';
import { BOOKINGS, configOf, faultsOf, PARTNER, REFRESH_SETTINGS } from '../../fakes/config.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const CLIENT = '22222222-2222-4222-8222-222222222222';
const ANNA = 'AAAAAAAA-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
const callers = { tenantId: TENANT, clientId: CLIENT };
const caller = { objectId: ANNA.toLowerCase(), roles: [] };
const fileWith = (grant: object, more: object = {}) => ({
  providers: [PARTNER],
  grants: [{ ...BOOKINGS, ...grant }],
  ...more,
});
const faults = (file: object, settings: object = {}) => faultsOf({ ...REFRESH_SETTINGS, ...settings }, file);

describe('callers of the config', () => {
  it('are nobody where the config has none', () => {
    expect(configOf({}, {}).callers).toBeUndefined();
  });

  it('have a role where their object id is listed, in letters of any case, and no other role', () => {
    const { callers: settings, grants } = configOf(
      REFRESH_SETTINGS,
      fileWith({ accessTokens: { callers: [ANNA] } }, { callers: { ...callers, reconnect: [ANNA] } }),
    );
    const roles = [READ, RECONNECT, tokenRole(BOOKINGS.id), tokenRole('another')];
    expect(roles.map((role) => settings && hasRole(caller, role, settings))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(grants[0]?.grant.accessTokens).toEqual({ callers: [ANNA.toLowerCase()] });
  });

  it('have a role that their token or session carries', () => {
    const { callers: settings } = configOf({}, { callers });
    expect(settings && hasRole({ ...caller, roles: [READ] }, READ, settings)).toBe(true);
    expect(settings && hasRole({ ...caller, roles: [READ] }, RECONNECT, settings)).toBe(false);
  });

  it('are named by GUIDs alone', () => {
    expect(faults({ callers: { tenantId: 'common', clientId: CLIENT, read: ['anna'] } })).toEqual([
      'keywatch.config.json: callers.tenantId: "common"; allowed: a GUID like 22222222-2222-4222-8222-222222222222',
      'keywatch.config.json: callers.read[0]: "anna"; allowed: a GUID like 22222222-2222-4222-8222-222222222222',
    ]);
  });
});

describe('access tokens of a grant', () => {
  it('are handed out by role alone where nobody is listed, and to nobody where nothing is said', () => {
    const accessTokensOf = (grant: object) =>
      configOf(REFRESH_SETTINGS, fileWith(grant, { callers })).grants[0]?.grant.accessTokens;
    expect(accessTokensOf({ accessTokens: {} })).toEqual({ callers: [] });
    expect(accessTokensOf({})).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['of a grant where nobody can be known', fileWith({ accessTokens: {} }), 'without "callers"'],
    [
      'of a grant that another system refreshes',
      fileWith({ mode: 'observed', accessTokens: {} }, { callers }),
      'access tokens of an observed grant',
    ],
  ])('are refused: %s', (_, file, said) => {
    expect(faults(file)).toEqual([expect.stringContaining(`grants[0].accessTokens: ${said}`)]);
  });

  it('say nothing of callers that are there and at fault', () => {
    expect(faults(fileWith({ accessTokens: {} }, { callers: { ...callers, tenantId: 'x' } }))).toHaveLength(
      1,
    );
  });
});

describe('KEYWATCH_PUBLIC_URL', () => {
  const publicUrl = (url: string, more: object = {}) =>
    configOf({ KEYWATCH_PUBLIC_URL: url, ...more }).publicUrl;

  it('is an https origin, on a laptop also one of the machine itself', () => {
    expect(publicUrl('https://Keywatch.contoso.example/')).toBe('https://keywatch.contoso.example');
    expect(publicUrl('http://127.0.0.1:7071', { KEYWATCH_LOCAL: 'true' })).toBe('http://127.0.0.1:7071');
  });

  it.each([
    'http://keywatch.contoso.example',
    'https://a:b@c.example',
    'https://c.example/path',
    'http://127.0.0.1:7071',
  ])('is not %s', (url) => {
    expect(faultsOf({ KEYWATCH_PUBLIC_URL: url })).toEqual([
      expect.stringContaining('allowed: an https origin like https://APP.azurewebsites.net'),
    ]);
  });
});

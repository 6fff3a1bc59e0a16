import { describe, expect, it } from 'vitest';
import { excessScopes, missingScopes } from '../../../../src/lib/oauth/rules/grantedScopes.ts';

const WANTED = { authorization: { scopes: ['offline_access'] }, scopes: ['api.read'] };

describe('scopes', () => {
  it.each([
    ['Mail.Read', 'https://graph.microsoft.com/Mail.Read openid'],
    ['https://api.example/read', 'read'],
    ['channels:read', 'chat:write,channels:read'],
    ['openid', 'api.read'],
    ['api.read', undefined],
    ['https://graph.microsoft.com/.default', 'https://graph.microsoft.com/Mail.Read'],
  ])('%s is granted by %s', (asked, granted) => {
    expect(missingScopes([asked], granted)).toEqual([]);
  });

  it.each([
    ['Mail.Read', 'Mail.ReadWrite'],
    ['read', 'https://api.example/unread'],
    ['api.read', ''],
  ])('%s is not granted by "%s"', (asked, granted) => {
    expect(missingScopes([asked], granted)).toEqual([asked]);
  });

  it.each([
    ['https://graph.microsoft.com/Mail.Read offline_access', ['Mail.Read']],
    ['https://graph.microsoft.com/.default', []],
  ])('are missing only where the request asks for them, by its own scope %s', (requested, missing) => {
    expect(missingScopes(['Mail.Read', 'https://outlook.office.com/SMTP.Send'], 'openid', requested)).toEqual(
      missing,
    );
  });

  it.each([
    ['api.read api.write offline_access', ['api.write']],
    ['https://api.example/api.read openid', []],
    [undefined, []],
  ])('%s are more than was asked for by %j', (granted, more) => {
    expect(excessScopes(WANTED, granted)).toEqual(more);
    expect(excessScopes({ ...WANTED, scopes: [] }, granted)).toEqual([]);
    expect(excessScopes({ ...WANTED, scopes: ['https://api.example/.default'] }, granted)).toEqual([]);
  });
});

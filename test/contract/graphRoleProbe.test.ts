import { describe, expect, it } from 'vitest';
import { graphRoleProbe } from '../../src/lib/directory/graph/graphRoleProbe.ts';
import { manualClock } from '../fakes/manualClock.ts';

const TENANT = '99999999-0000-4000-8000-000000000009';
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown) => `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;

const ownRoles = async (getToken: () => Promise<{ token: string; expiresOnTimestamp: number } | null>) => {
  const asked: unknown[] = [];
  const probe = graphRoleProbe({
    credential: {
      getToken: (scope, options) => {
        asked.push([scope, options?.tenantId]);
        return getToken();
      },
    },
    clock: manualClock(),
    tenantId: TENANT,
  });
  return { own: await probe.ownRoles(new AbortController().signal), asked };
};
const reading = async (token: string) => (await ownRoles(async () => ({ token, expiresOnTimestamp: 0 }))).own;

describe('the roles that an identity has by its own token', () => {
  it('are those that Entra ID wrote there, for Microsoft Graph and the tenant of the config', async () => {
    const token = jwt({ oid: 'me', roles: ['Application.Read.All'], idtyp: 'app' });
    const { own, asked } = await ownRoles(async () => ({ token, expiresOnTimestamp: 0 }));
    expect(own).toEqual({ ok: true, principalId: 'me', roles: ['Application.Read.All'] });
    expect(asked).toEqual([['https://graph.microsoft.com/.default', TENANT]]);
  });

  it('are none where an application was given none', async () => {
    expect(await reading(jwt({ oid: 'me' }))).toEqual({ ok: true, principalId: 'me', roles: [] });
  });

  it.each([
    ['a person', jwt({ oid: 'me', scp: 'User.Read', roles: [] })],
    ['a token of another form', 'opaque'],
    ['claims that are no JSON', 'a.!.c'],
    ['roles that are no list', jwt({ roles: 'Application.Read.All' })],
    ['nothing', ''],
  ])('are not known of %s', async (_what, token) => {
    expect(await reading(token)).toMatchObject({ ok: true, roles: undefined });
  });

  it('are not known without a login, and that is said without the words of the login', async () => {
    const { own } = await ownRoles(async () => {
      throw Object.assign(new Error('secret words'), { name: 'CredentialUnavailableError' });
    });
    expect(own).toMatchObject({ ok: false, reason: 'unauthorized' });
    expect(JSON.stringify({ ...own, cause: undefined })).not.toContain('secret words');
  });
});

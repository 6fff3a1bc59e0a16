import { describe, expect, it } from 'vitest';
import { assignedRoleProbe, graphRoleProbe } from '../../src/lib/directory/graph/graphRoleProbe.ts';
import { GRAPH_ROLES } from '../../src/lib/directory/rules/graphRoles.ts';
import { manualClock } from '../fakes/manualClock.ts';
import { SCANNER_ROLES, startDirectory } from '../fakes/startDirectory.ts';

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
    expect(own).toEqual({ ok: true, isAsking: true, principalId: 'me', roles: ['Application.Read.All'] });
    expect(asked).toEqual([['https://graph.microsoft.com/.default', TENANT]]);
  });

  it('are none where an application was given none', async () => {
    expect(await reading(jwt({ oid: 'me' }))).toEqual({
      ok: true,
      isAsking: true,
      principalId: 'me',
      roles: [],
    });
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

describe('the roles of a deployed identity, asked by somebody else', () => {
  const PRINCIPAL = 'eeeeeeee-0000-4000-8000-000000000005';
  const ask = async (roles = SCANNER_ROLES) => {
    const { directory, options } = await startDirectory({ roles });
    const give = (appRoleId: string, resourceDisplayName = 'Microsoft Graph', principalId = PRINCIPAL) =>
      directory.roleAssignments.push({
        ...{ id: `a-${directory.roleAssignments.length}`, principalId, appRoleId, resourceDisplayName },
      });
    give(GRAPH_ROLES['Application.Read.All'].appRoleId);
    give('1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9');
    give('ffffffff-0000-4000-8000-000000000006');
    give(GRAPH_ROLES['User.Read.All'].appRoleId, 'Another API');
    give(GRAPH_ROLES['Policy.Read.All'].appRoleId, 'Microsoft Graph', 'somebody else');
    return assignedRoleProbe(options, PRINCIPAL).ownRoles(new AbortController().signal);
  };

  it('are those at Microsoft Graph, by their names where Keywatch knows them', async () => {
    expect(await ask()).toEqual({
      ...{ ok: true, isAsking: false, principalId: PRINCIPAL },
      roles: ['Application.Read.All', 'Application.ReadWrite.All', 'ffffffff-0000-4000-8000-000000000006'],
    });
  });

  it('are not known where one may not ask', async () => {
    expect(await ask([])).toMatchObject({ ok: false, reason: 'forbidden' });
  });
});

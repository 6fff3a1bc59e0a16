import { describe, expect, it } from 'vitest';
import { startDirectory } from '../fakes/startDirectory.ts';
import { START_EPOCH_MS } from '../fakes/startKeyVault.ts';

const ROTATOR = ['Application.ReadWrite.OwnedBy'] as const;
const LAG_MS = 60_000;

const start = async () => {
  const world = await startDirectory({ roles: ROTATOR });
  world.directory.lagMs = LAG_MS;
  const [application] = world.add(1);
  if (application === undefined) throw new Error('none was added');
  application.owners = [{ id: 'caller-id', type: 'servicePrincipal', displayName: 'rotator' }];
  const path = `/applications/${application.objectId}`;
  const shown = async (): Promise<string[]> => {
    const { json } = await world.send('GET', `${path}?$select=passwordCredentials`);
    return json.passwordCredentials.map(({ keyId }: { keyId: string }) => keyId);
  };
  return { ...world, application, path, shown };
};

describe('the Graph stand-in', () => {
  it('shows the value of a new secret once, and the secret itself after a while', async () => {
    const { application, path, shown, send, pass } = await start();
    const endDateTime = new Date(START_EPOCH_MS + 90 * 86_400_000).toISOString();
    const body = { passwordCredential: { displayName: 'keywatch:1', endDateTime } };
    const { status, json } = await send('POST', `${path}/addPassword`, body);
    expect([status, json]).toMatchObject([200, { displayName: 'keywatch:1', endDateTime }]);
    expect(json.secretText).toBe(application.secrets[1]?.value);
    expect(json.hint).toBe(json.secretText.slice(0, 3));
    expect(await shown()).toEqual([application.secrets[0]?.keyId]);
    pass(LAG_MS);
    expect(await shown()).toEqual(application.secrets.map(({ keyId }) => keyId));
  });

  it('shows a removed secret for a while, and removes none twice', async () => {
    const { application, path, shown, send, pass } = await start();
    const [{ keyId } = expect.unreachable()] = application.secrets;
    const remove = async () => (await send('POST', `${path}/removePassword`, { keyId })).status;
    expect([await remove(), await remove()]).toEqual([204, 400]);
    expect(await shown()).toEqual([keyId]);
    pass(LAG_MS);
    expect(await shown()).toEqual([]);
  });

  it.each([
    ['a filter', 'GET', "/applications?$filter=appId eq 'x'", 501],
    ['something to delete', 'DELETE', '/applications/x', 501],
    ['a page of 1,000', 'GET', '/applications?$top=1000', 400],
    ['a member that nobody has', 'GET', '/applications?$select=id,secret', 400],
    ['a batch of 21', 'POST', '/$batch', 400],
  ])('refuses %s', async (_, method, path, status) => {
    const { send, add } = await startDirectory();
    add(1);
    const requests = Array.from({ length: 21 }, (_, id) => ({
      id: String(id),
      method: 'GET',
      url: '/applications',
    }));
    const body = method === 'POST' ? { requests } : undefined;
    expect((await send(method, path, body)).status).toBe(status);
  });
});

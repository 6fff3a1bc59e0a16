import { expect, it } from 'vitest';
import { READ } from '../../src/lib/callers/rules/roles.ts';
import { fakePieceStore } from '../fakes/fakePieceStore.ts';
import { bearer, startCallers } from '../fakes/startCallers.ts';
import { startWholeHost } from '../fakes/startFunctionsHost.ts';

const PATHS = ['board', 'board/item?id=x', 'board/owners', 'board/findings', 'status', 'metrics'];

it('shows the board and the status to those who may read, and to nobody else', async () => {
  const { idp } = await startCallers({ connections: { state: fakePieceStore() } });
  const { host } = await startWholeHost();
  const url = await host.listen(0);
  const statusesWith = async (headers: Record<string, string>) =>
    Promise.all(PATHS.map(async (path) => (await fetch(`${url}/api/${path}`, { headers })).status));
  const reader = bearer(await idp.tokenOf({ claims: { roles: [READ] } }));

  expect(await statusesWith({})).toEqual(PATHS.map(() => 401));
  expect(await statusesWith(bearer(await idp.tokenOf()))).toEqual(PATHS.map(() => 403));
  expect(await statusesWith(reader)).toEqual([200, 404, 200, 200, 200, 200]);

  const page = await fetch(`${url}/api/board`, { headers: reader });
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(page.headers.get('cache-control')).toBe('no-store');
  const data = await fetch(`${url}/api/status?page=0`, { headers: reader });
  expect(data.status).toBe(400);
  expect(await data.json()).toMatchObject({ error: expect.stringContaining('"page" is "0"; allowed:') });

  const home = await fetch(`${url}/`, { redirect: 'manual' });
  expect(home.headers.get('location')).toBe('/api/board');
});

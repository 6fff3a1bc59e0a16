import ICAL from 'ical.js';
import { expect, it } from 'vitest';
import { READ } from '../../src/lib/callers/rules/roles.ts';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { boardState } from '../fakes/boardState.ts';
import { PUBLIC_URL } from '../fakes/composeCallers.ts';
import { assessment, VAULT_URL } from '../fakes/metadata.ts';
import { bearer, startCallers } from '../fakes/startCallers.ts';
import { startWholeHost } from '../fakes/startFunctionsHost.ts';

const OWNERS = ['front-desk@contoso.example', 'Résa & Co / Süd 100% ? #1', '.'];

it('gives an address to those who may read, by which a calendar reads without signing in', async () => {
  const { clock, scan, store } = boardState();
  await scan(OWNERS.map((owner) => assessment({ credentialId: `kv/secret/${owner}`, owner })));
  const { idp } = await startCallers({
    connections: { state: store, clock },
    settings: { KEYWATCH_VAULTS: VAULT_URL },
  });
  const { host } = await startWholeHost();
  const url = await host.listen(0);
  const reader = bearer(await idp.tokenOf({ claims: { roles: [READ] } }));
  const others = bearer(await idp.tokenOf());

  for (const owner of OWNERS) {
    const path = `/api/calendar/${encodeURIComponent(owner)}.ics`;
    const statusOf = async (headers: Record<string, string>, query = '') =>
      (await fetch(`${url}${path}${query}`, { headers })).status;
    expect(await Promise.all([statusOf({}), statusOf(others), statusOf(reader)]), owner).toEqual([
      401, 403, 200,
    ]);
    expect(await Promise.all(['', 'x', 'A'.repeat(43)].map((key) => statusOf({}, `?key=${key}`)))).toEqual([
      404, 404, 404,
    ]);

    const form = (headers: Record<string, string>) =>
      fetch(`${url}/api/board/calendar`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ owner, change: 'make' }),
      });
    expect((await form(others)).status).toBe(403);
    const made = await (await form(reader)).text();
    const [, address = ''] = /<code>([^<]+\?key=[\w-]{43})<\/code>/.exec(made) ?? [];
    expect(address.startsWith(`${PUBLIC_URL}${path.replaceAll("'", '&#39;')}`)).toBe(true);
    const answer = await fetch(address.replace(PUBLIC_URL, url));
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      200,
      'text/calendar; charset=utf-8',
      'no-store',
    ]);
    const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
    expect(calendar.getFirstPropertyValue('x-wr-calname')).toBe(`Keywatch: ${owner}`);
    expect(calendar.getAllSubcomponents('vevent').length).toBeGreaterThan(1);
  }

  const [owner = ''] = OWNERS;
  const opened = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { headers }).then((answer) => answer.text());
  const made = await fetch(`${url}/api/board/calendar`, {
    method: 'POST',
    headers: reader,
    body: new URLSearchParams({ owner, change: 'make' }),
  });
  const [, key = ''] = /\?key=([\w-]{43})</.exec(await made.text()) ?? [];
  const calendar = () => opened(`/api/calendar/${encodeURIComponent(owner)}.ics?key=${key}`);
  for (const page of [
    '/api/board',
    '/api/status',
    `/api/board/calendar?owner=${encodeURIComponent(owner)}`,
  ]) {
    clock.advance(80 * DAY_MS);
    expect(await calendar(), page).not.toContain('this calendar has ended');
    await opened(page, reader);
  }
  clock.advance(80 * DAY_MS);
  expect(await calendar()).not.toContain('this calendar has ended');
  await opened('/api/board', others);
  clock.advance(10 * DAY_MS);
  expect(await calendar()).toContain('this calendar has ended');
});

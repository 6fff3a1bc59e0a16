import { describe, expect, it } from 'vitest';
import { createBoard } from '../../../src/lib/board/board.ts';
import type { Assessment } from '../../../src/lib/scan/rules/credential.ts';
import { boardScene, ended, named, SETTINGS } from '../../fakes/boardScene.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { assessment, inDays, NOW_EPOCH_MS } from '../../fakes/metadata.ts';

const boardOf = async (seen: Iterable<Assessment>) => {
  const { board, scan, item, text } = boardScene();
  await scan(seen);
  const pagesOf = async (id: string) =>
    Promise.all([
      board.page('board', { parameters: new URLSearchParams() }),
      board.page('owners', { parameters: new URLSearchParams() }),
      board.page('findings', { parameters: new URLSearchParams() }),
      board.page('board', { parameters: new URLSearchParams({ q: id.slice(0, 200) }) }),
      item(id),
    ]);
  return { board, pagesOf, item, text };
};

/** Markup that no template of ours has written. */
const FOREIGN = /<(?:script(?!>for\()|img|b>|iframe)|(?!\n)\p{Cc}|\p{Cf}|\p{Cs}/u;

const nasty = (text: string): Assessment =>
  assessment({
    name: text,
    vault: text,
    credentialId: `kv/secret/${text}`,
    owner: text,
    runbook: text,
    version: text,
    supersededBy: text,
    targets: [text],
    status: 'expired',
    expiresOnEpochMs: inDays(-1),
    findings: [{ code: 'malformed_tag', detail: text }],
  });

describe('the pages of the board', () => {
  it.each([
    '<script>alert(1)</script><img src=x onerror=alert(1)>',
    '"><b>x</b>',
    'javascript:alert(1)',
    '\u202egnp.exe\u2066\u0000\u0007',
    `${'<b>&"'.repeat(2_000)}`,
  ])('show %j as text, wherever it stands', async (text) => {
    const { pagesOf } = await boardOf([nasty(text)]);
    for (const { body, status } of await pagesOf(`kv/secret/${text}`)) {
      expect(status).toBeLessThan(405);
      expect(body).not.toMatch(FOREIGN);
      expect(body).not.toMatch(/(?:href|action)="\s*javascript:/i);
    }
  });

  it('lead to where a credential is kept, its runbook, and nowhere else outside', async () => {
    const { item } = await boardOf([named('one', { runbook: 'https://wiki.example/one' })]);
    const { body } = await item('kv-front-desk/secret/one');
    expect([...body.matchAll(/href="(https:[^"]+)"/g)].map(([, address]) => address)).toEqual([
      'https://portal.azure.com/#asset/Microsoft_Azure_KeyVault/Secret/https://kv-front-desk.vault.azure.net/secrets/one',
      'https://wiki.example/one',
    ]);
  });

  it('show the history of a credential, and who has to act', async () => {
    const { scan, item } = boardScene();
    await scan([named('one')]);
    await scan([ended('one')]);
    const { body } = await item('kv-front-desk/secret/one');
    expect(body).toContain('status: valid → expired');
    expect(body).toContain('front-desk@contoso.example acts:');
  });

  it('lead to the runbook of the alert, the workbook and the page of consent where these are known', async () => {
    const workbookUrl = 'https://portal.azure.com/#resource/x/workbook';
    const ofOthers = 'https://consent.example/b';
    const { scan, telemetry, text, item } = boardScene({
      grants: [{ grant: { id: 'a' } }, { grant: { id: 'b' } }],
      ...{ publicUrl: 'http://127.0.0.1:7071', runbookBaseUrl: 'https://git.example/', workbookUrl },
    });
    await scan([ended('gone')]);
    const dead = { outcome: 'dead', provider: 'p', tokenEndpointHost: 'h', durationMs: 1 } as const;
    const reconnectUrl = 'http://127.0.0.1:7071/api/grants/a/reconnect';
    telemetry.event('keywatch.grant.refreshed', { ...dead, credentialId: 'grant/a', reconnectUrl });
    telemetry.event('keywatch.grant.refreshed', { ...dead, credentialId: 'grant/b', reconnectUrl: ofOthers });
    await telemetry.flush(60_000);
    const bodyOf = async (id: string) => (await item(id)).body;
    expect(await bodyOf('kv-front-desk/secret/gone')).toContain(
      'href="https://git.example/infra/alerts/credential-expired/runbook.md"',
    );
    expect(await bodyOf('grant/a')).toContain(
      'href="https://git.example/infra/alerts/grant-dead/runbook.md"',
    );
    expect(await bodyOf('grant/a')).toContain('href="/api/grants/a/reconnect"');
    expect(await bodyOf('grant/b')).toContain(`href="${ofOthers}"`);
    const page = await text();
    expect(page).toContain(`href="${workbookUrl}"`);
    expect(page).toContain('href="https://git.example/infra/alerts/scan-missed/runbook.md"');
  });

  it('say of a dead grant that it is dead, and of none that is broken that it ends some day', async () => {
    const { telemetry, text, item } = boardScene({
      grants: [{ grant: { id: 'a' } }, { grant: { id: 'b' } }],
    });
    const of = { provider: 'p', tokenEndpointHost: 'h', durationMs: 1, deadline: inDays(89) } as const;
    const dead = { outcome: 'dead', reason: 'invalid_grant', oauthError: 'invalid_grant' } as const;
    telemetry.event('keywatch.grant.refreshed', { ...of, ...dead, credentialId: 'grant/a' });
    const faulty = { ...of, outcome: 'misconfigured' } as const;
    telemetry.event('keywatch.grant.refreshed', { ...faulty, credentialId: 'grant/b' });
    await telemetry.flush(60_000);
    const page = await text();
    expect(page).toContain('dead</span> (grant)');
    expect(page).toContain('misconfigured</span> (grant)');
    expect(page).toContain('1 end within 180 days');
    const { body } = await item('grant/a');
    expect(body).not.toContain('in 89 days');
    expect(body).toContain('dead (invalid_grant), ');
  });

  it('offer the end of a session to who has one', async () => {
    const { board } = await boardOf([]);
    const textWith = async (cookies: string | null) =>
      (await board.page('board', { parameters: new URLSearchParams(), cookies })).body;
    expect(await textWith('__Host-keywatch-session=abc')).toContain('action="/api/sign-out"');
    expect(await textWith(null)).not.toContain('sign-out');
  });

  it('say of what is not there that it is not', async () => {
    const { item } = await boardOf([]);
    expect((await item('x')).status).toBe(404);
    const nowhere = createBoard(SETTINGS, { clock: manualClock(NOW_EPOCH_MS), state: undefined });
    expect((await nowhere.item({ parameters: new URLSearchParams({ id: 'x' }) })).status).toBe(503);
  });

  it('hold at most 100 kB on the first screen of 10,000 credentials of 2,000 owners', async () => {
    const { text } = await boardOf(
      Array.from({ length: 10_000 }, (_, index) => {
        const name = `integration-platform-secret-of-customer-${index}-${'x'.repeat(60)}`;
        return assessment({
          name,
          credentialId: `kv-front-desk/secret/${name}`,
          owner: `team-with-a-long-name-${index % 2_000}@contoso.example`,
          status: index % 3 === 0 ? 'expired' : 'valid',
          expiresOnEpochMs: inDays(index % 3 === 0 ? -1 : index % 400),
          findings: [{ code: 'lifetime_over_policy', detail: 'x'.repeat(300) }],
        });
      }),
    );
    expect(Buffer.byteLength(await text())).toBeLessThan(100_000);
  });
});

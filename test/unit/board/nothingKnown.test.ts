import { describe, expect, it } from 'vitest';
import { boardReport } from '../../../src/lib/board/board.ts';
import { boardScene, named } from '../../fakes/boardScene.ts';
import { inventoryFailure } from '../../fakes/fakeInventory.ts';
import { NOW_EPOCH_MS } from '../../fakes/metadata.ts';

/** What is green. */
const GREEN = /class="card ok"/g;

describe('a board that has nothing to list', () => {
  it('answers that nothing is broken where everything was seen', async () => {
    const { scan, text } = boardScene();
    await scan([]);
    const page = await text();
    expect(page).toContain('<h1>Nothing is broken, nothing ends soon</h1>');
    expect(page.match(GREEN)).toHaveLength(3);
  });

  it.each([
    ['no scan has ended yet', async () => boardScene()],
    [
      'no scan has succeeded yet',
      async () => {
        const scene = boardScene();
        await scene.scan([], { outcome: 'failed', failure: inventoryFailure() });
        return scene;
      },
    ],
  ])('says that it knows of nothing, and is nowhere green, where %s', async (_, startScene) => {
    const { board, text } = await startScene();
    const page = await text();
    expect(page).toContain(
      '<h1>Nothing that is known is broken, nothing that is known ends soon, and not everything is seen</h1>',
    );
    expect(page).not.toMatch(GREEN);
    const filtered = { parameters: new URLSearchParams({ status: 'broken' }) };
    for (const { body } of await Promise.all([
      board.page('board', filtered),
      board.page('owners', { parameters: new URLSearchParams() }),
      board.page('findings', { parameters: new URLSearchParams() }),
    ]))
      expect(body).toMatch(/▲ Not seen whole: vault kv-front-desk\..*<a href="\/api\/board#seen">/);
  });

  it('does not see everything where nothing is watched', async () => {
    const { status, text } = boardScene({ targets: [] });
    expect(await status()).toMatchObject({
      seesEverything: false,
      coverage: [{ severity: 'error', action: expect.stringContaining('Name vaults') }],
    });
    expect(await text()).not.toMatch(GREEN);
    expect(boardReport({ assessments: [], scans: [], nowEpochMs: NOW_EPOCH_MS })).not.toMatch(GREEN);
  });

  it('names at most three of the places that are not seen on the pages beside the first', async () => {
    const targets = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      source: 'keyvault' as const,
      target: `https://kv-${name}.vault.azure.net`,
      name: `kv-${name}`,
    }));
    const { board } = boardScene({ targets });
    const { body } = await board.page('owners', { parameters: new URLSearchParams() });
    expect(body).toContain('vault kv-a, vault kv-b, vault kv-c and 2 more.');
  });
});

describe('a page of the board', () => {
  it('ends a sentence before it says what to do', async () => {
    expect(await boardScene().text()).toContain('no scan of it has ended yet. <em>Check that');
  });

  it('counts one owner and one finding as one', async () => {
    const { scan, board } = boardScene();
    await scan([named('one', { findings: [{ code: 'unowned', detail: 'Nobody.' }] })]);
    const { body } = await board.page('owners', { parameters: new URLSearchParams() });
    expect(body).toContain('<caption>1 owner, whose work');
    expect(body).toContain('1 <span class="unit">finding</span>');
  });

  it('quotes what a tag holds as it is, and says one fix for all findings of a kind', async () => {
    const { scan, item } = boardScene();
    const details = ['Tag a is "`x`".', 'Tag b is "y`".'];
    await scan([named('one', { findings: details.map((detail) => ({ code: 'malformed_tag', detail })) })]);
    const { body } = await item('kv-front-desk/secret/one');
    for (const shown of ['Tag a is &quot;`x`&quot;.', 'Tag b is &quot;y`&quot;.'])
      expect(body).toContain(shown);
    expect(body.match(/Correct the tag/g)).toHaveLength(1);
  });
});

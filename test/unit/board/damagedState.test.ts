import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { named, boardScene as start } from '../../fakes/boardScene.ts';

describe('a board of which somebody damaged the state', () => {
  it.each([
    ['removed', undefined],
    ['emptied', ''],
    ['replaced by a part of it', '{"version":1,"credentials":[]}'],
  ])('says on each page that some were %s, and then sees not everything', async (_, text) => {
    const { store, scan, board, status, item } = start();
    await scan([named('one')]);
    for (const name of [...store.pieces.keys()].filter((piece) => piece.startsWith('parts/')))
      if (text === undefined) store.pieces.delete(name);
      else store.pieces.set(name, { text, etag: '"other"' });
    const gap = 'Some credentials are just being written anew';
    for (const which of ['board', 'owners', 'findings'] as const)
      expect((await board.page(which, { parameters: new URLSearchParams() })).body).toContain(gap);
    expect(await status()).toMatchObject({ seesEverything: false, notes: [expect.stringContaining(gap)] });
    expect(await item('kv-front-desk/secret/one')).toMatchObject({
      status: 503,
      body: expect.stringContaining(gap),
    });
    expect((await item('kv-other/secret/one')).status).toBe(503);
  });

  it('says for a day that not everything is seen where somebody damaged what it knows of a vault that it found', async () => {
    const { clock, store, scan, status } = start({ targets: [], subscriptionIds: [] });
    await scan([named('one')]);
    expect(await status()).toMatchObject({ seesEverything: true });
    const [target = ''] = [...store.pieces.keys()].filter((piece) => piece.startsWith('targets/'));
    store.pieces.set(target, { text: '', etag: '"other"', writtenEpochMs: clock.nowEpochMs() });
    expect(await status()).toMatchObject({ seesEverything: false });
    clock.advance(DAY_MS);
    expect(await status()).toMatchObject({ coverage: [{ what: 'everything' }], notes: [] });
  });

  it('takes nothing for a run of a job that does not say when it was', async () => {
    const { store, telemetry, status } = start({ targets: [], grants: [{ grant: { id: 'crm' } }] });
    telemetry.event('keywatch.run.completed', {
      ...{ job: 'token-refresh', runId: 'r', mode: 'timer', outcome: 'complete', objects: 1, pages: 0 },
      durationMs: 1,
    });
    await telemetry.flush(60_000);
    expect(await status()).toMatchObject({ coverage: [{ severity: 'ok' }] });
    for (const [name, { text }] of store.pieces)
      store.pieces.set(name, { text: text.replaceAll('atEpochMs', 'at'), etag: '"damaged"' });
    expect(await status()).toMatchObject({ coverage: [{ severity: 'error' }] });
  });
});

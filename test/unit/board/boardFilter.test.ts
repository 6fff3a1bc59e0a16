import { describe, expect, it } from 'vitest';
import { ended, named, boardScene as start } from '../../fakes/boardScene.ts';
import { inDays } from '../../fakes/metadata.ts';

describe('the filter of the board', () => {
  const seen = [
    ended('alpha', { owner: 'one' }),
    named('beta', { owner: undefined, kind: 'key' }),
    named('gamma', {
      findings: [{ code: 'no_expiry', detail: 'It has none.' }],
      expiresOnEpochMs: inDays(10),
    }),
  ];

  it.each([
    ['q=ALPHA', ['alpha']],
    ['q=kv-front-desk%2Fsecret%2Fga', ['gamma']],
    ['status=broken', ['alpha']],
    ['status=valid', ['gamma', 'beta']],
    ['status=finding', ['gamma']],
    ['kind=key', ['beta']],
    ['owner=one', ['alpha']],
    ['owner=%28nobody%29', ['beta']],
    ['finding=no_expiry', ['gamma']],
    ['week=2026-11-30', ['gamma']],
    ['where=elsewhere', []],
    ['q=&status=&page=1', ['alpha', 'gamma', 'beta']],
  ])('finds by %s', async (query, expected) => {
    const { scan, names } = start();
    await scan(seen);
    expect(await names(query)).toEqual(expected);
  });

  it.each([
    'status=bad',
    'kind=x',
    'page=0',
    'page=x',
    'window=-1',
    'week=2026-02-30',
    'unknown=1',
    `q=${'x'.repeat(201)}`,
  ])('refuses %s and says what is allowed', async (query) => {
    const { board } = start();
    const answer = await board.status(new URLSearchParams(query));
    expect(answer).toMatchObject({ status: 400, jsonBody: { error: expect.stringContaining('allowed: ') } });
    expect((await board.page('board', { parameters: new URLSearchParams(query) })).status).toBe(400);
  });

  it('goes on page after page, and shows the last where there are fewer', async () => {
    const { scan, names } = start();
    await scan(Array.from({ length: 60 }, (_, index) => named(`n${String(index).padStart(2, '0')}`)));
    expect(await names('page=1')).toHaveLength(50);
    expect(await names('page=2')).toHaveLength(10);
    expect(await names('page=9')).toEqual(await names('page=2'));
  });
});

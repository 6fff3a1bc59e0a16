import { describe, expect, it } from 'vitest';
import { createBoard } from '../../../src/lib/board/board.ts';
import type { BoardSettings } from '../../../src/lib/board/gatherFacts.ts';
import { statusSchema } from '../../../src/lib/board/rules/status.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/kernel/time.ts';
import type { Assessment } from '../../../src/lib/scan/rules/credential.ts';
import { boardState } from '../../fakes/boardState.ts';
import { assessment, inDays, VAULT_URL } from '../../fakes/metadata.ts';

const SETTINGS: BoardSettings = {
  vaults: [{ url: VAULT_URL, policy: { name: 'kv-front-desk' } }],
  subscriptionIds: [],
  directory: undefined,
  grants: [],
  clients: [],
  rotate: undefined,
  callers: undefined,
  publicUrl: undefined,
};

const named = (name: string, changes: Partial<Assessment> = {}) =>
  assessment({ name, credentialId: `kv-front-desk/secret/${name}`, ...changes });
const ended = (name: string, changes: Partial<Assessment> = {}) =>
  named(name, { status: 'expired', expiresOnEpochMs: inDays(-1), ...changes });

const start = (settings: Partial<BoardSettings> = {}) => {
  const state = boardState();
  const board = createBoard({ ...SETTINGS, ...settings }, { clock: state.clock, state: state.store });
  const status = async (query = '') => (await board.status(new URLSearchParams(query))).jsonBody;
  const names = async (query = '') => {
    const answer = await status(query);
    return 'rows' in answer ? answer.rows.map(({ name }) => name) : answer;
  };
  const text = async (query = '') =>
    (await board.page('board', { parameters: new URLSearchParams(query) })).body;
  return { ...state, board, status, names, text };
};

describe('the board', () => {
  it('says what is broken, what breaks next and that everything is seen', async () => {
    const { scan, status, text } = start();
    await scan([
      ended('gone'),
      named('soon', { status: 'warning', expiresOnEpochMs: inDays(20) }),
      named('fine'),
    ]);
    expect(await status()).toMatchObject({
      broken: { count: 1, first: [{ name: 'gone', status: 'expired', needsAttention: true }] },
      next: { count: 1, first: [{ name: 'soon' }] },
      seesEverything: true,
      rows: [{ name: 'gone' }, { name: 'soon' }, { name: 'fine' }],
    });
    expect(await text()).toContain('<h1>1 broken, 1 end within 180 days</h1>');
  });

  it('shows an end that has come since the scan', async () => {
    const { clock, scan, status } = start();
    const end = { expiresOnEpochMs: inDays(1), criticalAtEpochMs: inDays(-9), warningAtEpochMs: inDays(-29) };
    await scan([named('ending', { status: 'critical', ...end })]);
    expect(await status()).toMatchObject({ broken: { count: 0 }, rows: [{ status: 'critical' }] });
    clock.advance(DAY_MS);
    expect(await status()).toMatchObject({ broken: { count: 1 }, rows: [{ status: 'expired' }] });
  });

  it('counts what ended long ago as a finding and not as broken, as the alerts do', async () => {
    const { scan, status, names } = start();
    await scan([
      ended('relic', { alertUntilEpochMs: inDays(0) }),
      named('soon', { warningAtEpochMs: inDays(-1) }),
    ]);
    expect(await status()).toMatchObject({
      broken: { count: 0 },
      rows: [{ name: 'soon' }, { name: 'relic' }],
    });
    expect(await names('status=expired')).toEqual(['relic']);
    expect(await names('status=attention')).toEqual(['soon']);
  });

  it('asks for nothing where something suppresses it, and shows it last', async () => {
    const { scan, status, names } = start();
    await scan([ended('quiet', { suppressed: 'superseded' }), named('fine')]);
    expect(await status()).toMatchObject({ broken: { count: 0 } });
    expect(await names()).toEqual(['fine', 'quiet']);
  });

  it('is no sign of health where nothing was ever seen', async () => {
    const { status, text } = start();
    expect(await status()).toMatchObject({
      seesEverything: false,
      sights: [{ what: 'vault kv-front-desk', severity: 'error' }],
    });
    expect(await text()).toContain('and not everything is seen');
  });

  it('shows what it knew when scans fail, and that it is old, and why', async () => {
    const { clock, scan, status } = start();
    await scan([named('one')]);
    clock.advance(HOUR_MS);
    const failure = permanentFailure({
      code: 'x',
      message: 'It may not be listed.',
      action: 'Give the role.',
    });
    await scan([], { outcome: 'failed', failure: { ...failure, reason: 'forbidden' } });
    expect(await status()).toMatchObject({
      seesEverything: false,
      sights: [{ words: expect.stringContaining('It may not be listed.'), action: 'Give the role.' }],
      rows: [{ name: 'one' }],
    });
  });

  it('says so when no scan has ended for longer than the schedule allows', async () => {
    const { clock, scan, status } = start();
    await scan([named('one')]);
    clock.advance(150 * 60_000);
    expect(await status()).toMatchObject({ seesEverything: true });
    clock.advance(1);
    expect(await status()).toMatchObject({ seesEverything: false });
  });

  it('leaves out a vault that nobody names and no scan has ended of for a day', async () => {
    const { clock, scan, names } = start({ vaults: [], subscriptionIds: ['s'] });
    await scan([named('one')]);
    expect(await names()).toEqual(['one']);
    clock.advance(DAY_MS);
    expect(await names()).toEqual([]);
  });

  it('has grants, clients and rotations, those that no run has spoken of too', async () => {
    const { telemetry, status } = start({
      grants: [{ grant: { id: 'crm' } }],
      clients: [{ id: 'billing' }],
      rotate: { rotations: [{ id: 'api' }] },
    });
    telemetry.event('keywatch.grant.refreshed', {
      credentialId: 'grant/crm',
      outcome: 'dead',
      reason: 'invalid_grant',
      provider: 'salesforce',
      tokenEndpointHost: 'login.example',
      durationMs: 1,
      owner: 'sales',
      action: 'Consent again.',
    });
    await telemetry.flush(1_000);
    expect(await status()).toMatchObject({
      broken: { count: 1 },
      rows: [
        { id: 'grant/crm', status: 'dead', whoActs: 'sales', action: 'Consent again.' },
        { id: 'client/billing', status: 'not seen yet' },
        { id: 'rotation/api', status: 'not seen yet' },
      ],
    });
  });

  it('says that it knows nothing where its store fails, instead of showing health', async () => {
    const { store, scan, status } = start();
    await scan([named('one')]);
    store.fail(storeFailure('board_state', 'forbidden', { message: 'It may not be read.' }));
    expect(await status()).toMatchObject({
      seesEverything: false,
      notes: [expect.stringContaining('It may not be read.')],
    });
  });

  it('shows nothing where nothing is kept', async () => {
    const { clock } = boardState();
    const board = createBoard(SETTINGS, { clock, state: undefined });
    expect(await board.status(new URLSearchParams())).toMatchObject({ status: 503 });
  });
});

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

describe('the status as data', () => {
  it('is as its schema says', async () => {
    const { scan, status } = start();
    await scan([ended('gone', { findings: [{ code: 'unowned', detail: 'Nobody.' }] }), named('fine')]);
    expect(statusSchema.safeParse(JSON.parse(JSON.stringify(await status()))).success).toBe(true);
  });
});

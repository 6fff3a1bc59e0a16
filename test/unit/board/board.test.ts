import { describe, expect, it } from 'vitest';
import { createBoard } from '../../../src/lib/board/board.ts';
import { statusSchema } from '../../../src/lib/board/rules/status.ts';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { ended, named, SETTINGS, boardScene as start } from '../../fakes/boardScene.ts';
import { boardState } from '../../fakes/boardState.ts';
import { inventoryFailure } from '../../fakes/fakeInventory.ts';
import { inDays } from '../../fakes/metadata.ts';

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
    expect(await text()).toContain('<h1>1 broken, the next end is in 20 days</h1>');
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

  it('counts the secret of a dead grant as broken, however long ago it died', async () => {
    const { scan, status } = start();
    const findings = [{ code: 'dead_grant', detail: 'Consent again.' }] as const;
    await scan([ended('unconsented', { alertUntilEpochMs: inDays(-90), findings })]);
    expect(await status()).toMatchObject({ broken: { count: 1, first: [{ name: 'unconsented' }] } });
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
      coverage: [{ what: 'vault kv-front-desk', severity: 'error' }],
    });
    expect(await text()).toContain('and not everything is seen');
  });

  it('shows what it knew when scans fail, and that it is old, and why', async () => {
    const { clock, scan, status } = start();
    await scan([named('one')]);
    clock.advance(HOUR_MS);
    await scan([], { outcome: 'failed', failure: inventoryFailure() });
    expect(await status()).toMatchObject({
      seesEverything: false,
      coverage: [
        {
          words: expect.stringContaining('refused to list its secrets.'),
          action: expect.stringContaining('Give the identity the role'),
        },
      ],
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

  it('takes no look for one that a clock noted which was a day ahead', async () => {
    const { clock, scan, telemetry, status } = start({ grants: [{ grant: { id: 'crm' } }] });
    clock.advance(DAY_MS);
    await scan([named('one')]);
    telemetry.event('keywatch.run.completed', {
      ...{ job: 'token-refresh', runId: 'r', mode: 'timer', outcome: 'complete', objects: 1, pages: 0 },
      durationMs: 1,
    });
    await telemetry.flush(60_000);
    expect(await status()).toMatchObject({ coverage: [{ severity: 'ok' }, { severity: 'ok' }] });
    clock.advance(-DAY_MS);
    expect(await status()).toMatchObject({
      coverage: [
        {
          severity: 'error',
          words: 'the last scan was noted by a clock that was ahead (in 24 hours): what is shown is old',
        },
        { severity: 'error', words: 'the last run was noted by a clock that was ahead (in 24 hours)' },
      ],
    });
  });

  it('leaves out a vault that nobody names and no scan has ended of for a day', async () => {
    const { clock, scan, names } = start({ targets: [], subscriptionIds: ['s'] });
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
    await telemetry.flush(60_000);
    expect(await status()).toMatchObject({
      broken: { count: 1 },
      rows: [
        { id: 'grant/crm', status: 'dead', whoActs: 'sales', action: 'Consent again.' },
        { id: 'client/billing', status: 'not seen yet' },
        { id: 'rotation/api', status: 'not seen yet' },
      ],
    });
  });

  it('takes the deadline of a token for an end only where it is not refreshed any more', async () => {
    const { telemetry, status } = start({ grants: [{ grant: { id: 'crm' } }, { grant: { id: 'erp' } }] });
    const attempt = { provider: 'p', tokenEndpointHost: 'h', durationMs: 1, deadline: inDays(20) };
    const say = (id: string, outcome: 'refreshed' | 'transient_failure', more = {}) =>
      telemetry.event('keywatch.grant.refreshed', {
        credentialId: `grant/${id}`,
        outcome,
        ...attempt,
        ...more,
      });
    say('crm', 'refreshed');
    say('erp', 'transient_failure');
    await telemetry.flush(60_000);
    expect(await status()).toMatchObject({ next: { count: 1, first: [{ id: 'grant/erp' }] } });
    say('crm', 'refreshed', { consentEndsAt: inDays(10) });
    await telemetry.flush(60_000);
    expect(await status()).toMatchObject({
      next: { count: 2, first: [{ id: 'grant/crm' }, { id: 'grant/erp' }] },
    });
  });

  it('shows what is refused before what has ended', async () => {
    const { scan, telemetry, names } = start({ grants: [{ grant: { id: 'crm' } }] });
    await scan([ended('gone')]);
    telemetry.event('keywatch.grant.observed', {
      ...{ credentialId: 'grant/crm', outcome: 'dead', provider: 'p', tokenEndpointHost: 'h' },
    });
    await telemetry.flush(60_000);
    expect(await names()).toEqual(['crm', 'gone']);
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

describe('the status as data', () => {
  it('is as its schema says', async () => {
    const { scan, status } = start();
    await scan([ended('gone', { findings: [{ code: 'unowned', detail: 'Nobody.' }] }), named('fine')]);
    expect(statusSchema.safeParse(JSON.parse(JSON.stringify(await status()))).success).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { connectGrant, mayConnect } from '../../../src/lib/refresh/connectGrant.ts';
import { findEnvelopes } from '../../../src/lib/stores/rules/sealedEnvelope.ts';
import { clockOf, connectUntil, consentOf, runOn, STATES, worldOf } from '../../fakes/refresh/consents.ts';
import { failure } from '../../fakes/refresh/fakeControlStore.ts';
import {
  copyOf,
  type RefreshWorld,
  storedTokenWorks,
  vaultTokenWorks,
} from '../../fakes/refresh/refreshWorld.ts';
import { runSolo, runWithOutage } from '../../fakes/refresh/soloWorker.ts';
import { breakPort, portsAtOnce } from '../../fakes/refresh/worldEvents.ts';

const isKept = (calls: readonly string[]): boolean =>
  calls
    .slice(calls.indexOf('exchange'))
    .some((name) => ['control.write', 'vault.write', 'sealed.replace'].includes(name));

describe.each(STATES)('a consent for a grant that is %s', (state) => {
  it('is in the vault and on record as that of a person, and refreshes', async () => {
    const world = await worldOf(state);
    const { outcome } = await connectUntil(world);
    expect(outcome).toMatchObject({ kind: 'refreshed' });
    expect([storedTokenWorks(world), vaultTokenWorks(world)]).toEqual([true, true]);
    expect(JSON.parse(world.control.body ?? '')).toMatchObject({
      record: { account: 'anna', phase: { state: 'idle' }, failures: { consecutive: 0 } },
    });
    world.elapsedMs += HOUR_MS;
    expect((await runSolo(world, { trigger: 'manual' })).outcome).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('is lost at no point after a store has acknowledged it, and before that costs a click', async () => {
    const { calls } = await connectUntil(await worldOf(state));
    for (let crash = 0; crash <= calls.length; crash++) {
      const world = await worldOf(state);
      const crashed = await connectUntil(world, crash);
      await runOn(world);
      const isExchanged = crashed.calls.includes('exchange');
      const wasAlive = state === 'alive' || state === 'kept sealed';
      const mustWork = isExchanged ? isKept(crashed.calls) : wasAlive;
      if (mustWork) expect([crash, storedTokenWorks(world)]).toEqual([crash, true]);
      expect((await connectUntil(world)).outcome).toMatchObject({ kind: 'refreshed' });
      expect(storedTokenWorks(world)).toBe(true);
    }
  });

  it.each([[['control']], [['vault']], [['control', 'vault']]] as const)(
    'outlives an outage that begins anywhere (%j)',
    async (stores) => {
      const { calls } = await connectUntil(await worldOf(state));
      for (let from = calls.indexOf('exchange') + 1; from < calls.length; from++) {
        const world = await worldOf(state);
        await connectUntil(world, undefined, (_name, made) => {
          if (made.length >= from) for (const store of stores) world[store].down = true;
        });
        for (const store of stores) world[store].down = false;
        await runOn(world);
        await runSolo(world, { trigger: 'manual' });
        // Of a first consent nobody looks into the fallback store for a secret that is not there: it costs a click.
        const isLost = state === 'new' && stores.length === 2 && world.vault.versions.length === 0;
        if (isLost) expect(await connectUntil(world)).toMatchObject({ outcome: { kind: 'refreshed' } });
        expect([from, storedTokenWorks(world)]).toEqual([from, true]);
      }
    },
  );

  it('changes nothing when it is refused, and tells nobody', async () => {
    const world = await worldOf(state);
    const before = JSON.stringify([world.vault.versions, world.control.body]);
    const failure = permanentFailure({ code: 'other_account', message: 'Another.', action: 'Look.' });
    const { grant, profile } = world;
    world.telemetry.events.length = 0;
    const ports = portsAtOnce(world, clockOf(world));
    const outcome = await connectGrant(
      ports,
      { grant, profile },
      { ...consentOf(world), judge: () => failure },
    );
    expect(outcome).toEqual({ kind: 'not_connected', failure });
    expect(JSON.stringify([world.vault.versions, world.control.body])).toBe(before);
    expect(world.telemetry.events).toEqual([]);
  });

  it('is known to be so before anybody is asked', async () => {
    const world = await worldOf(state);
    const ports = portsAtOnce(world, clockOf(world));
    expect(await mayConnect(ports, world)).toMatchObject({
      ok: true,
      state: state === 'in doubt' || state === 'kept sealed' ? 'alive' : state,
    });
    world.vault.down = true;
    expect(await mayConnect(ports, world)).toMatchObject({ ok: false });
  });
});

describe('a grant of which what is sealed opens no more', () => {
  /** The key is gone for good; another one seals from now on. */
  const loseKey = (world: RefreshWorld) => {
    const old = new Set(findEnvelopes(`${world.control.body} ${world.sealed?.body}`));
    breakPort(world, 'seal', ({ unseal }) => ({
      unseal: async (envelope, subject) =>
        old.has(envelope) ? failure('seal', 'key_gone') : unseal(envelope, subject),
    }));
  };
  const keptInRecord = async () => {
    const world = await worldOf('alive');
    world.elapsedMs += HOUR_MS;
    await runWithOutage(world, ['vault'], { trigger: 'manual' });
    return world;
  };
  const keptInEditedRecord = async () => {
    const world = await keptInRecord();
    world.control.body = world.control.body?.replace('"check": "', '"check": "edited-');
    return world;
  };
  const withRecord = async (isRestored: boolean) => {
    const world = await worldOf('kept sealed');
    const { body } = world.control;
    for (let time = 0; time < 3; time++) {
      world.elapsedMs += HOUR_MS;
      await runSolo(world, { trigger: 'manual' });
    }
    Object.assign(world.control, { body: isRestored ? body : undefined, etag: world.control.etag + 1 });
    return world;
  };

  it.each([
    ['beside the vault', () => worldOf('kept sealed')],
    ['in its record', keptInRecord],
    ['in its record, which somebody edited', keptInEditedRecord],
    ['beside the vault, and its record is lost', () => withRecord(false)],
    ['beside the vault, and its record was restored', () => withRecord(true)],
  ])('is connected again where that is %s', async (_, begin) => {
    const world = await begin();
    loseKey(world);
    expect((await runSolo(world, { trigger: 'manual' })).outcome).toMatchObject({ code: 'seal_key_gone' });
    const ports = portsAtOnce(world, clockOf(world));
    expect(await mayConnect(ports, world)).toMatchObject({ ok: true });
    const { calls } = await connectUntil(copyOf(world));
    for (let crash = 0; crash <= calls.length; crash++) {
      const ended = copyOf(world);
      await connectUntil(ended, crash);
      await runOn(ended);
      if (!storedTokenWorks(ended))
        expect((await connectUntil(ended)).outcome, `${crash}`).toMatchObject({ kind: 'refreshed' });
    }
    expect((await connectUntil(world)).outcome).toMatchObject({ kind: 'refreshed' });
    for (let time = 0; time < 3; time++) {
      world.elapsedMs += HOUR_MS;
      expect((await runSolo(world, { trigger: 'manual' })).outcome).toMatchObject({ kind: 'refreshed' });
    }
    expect(storedTokenWorks(world)).toBe(true);
  });

  it.each([
    ['that was edited', keptInEditedRecord],
    ['that can be read', keptInRecord],
  ])('keeps a copy of a record %s, and the record itself while only Key Vault is away', async (_, begin) => {
    const world = await begin();
    const { body } = world.control;
    const away = copyOf(world);
    breakPort(away, 'seal', () => ({ unseal: async () => failure('seal', 'unavailable') }));
    const left = await connectUntil(away);
    expect(left).toMatchObject({ outcome: { failure: { code: 'grant_unfinished' } } });
    expect([left.calls.includes('exchange'), away.control.body]).toEqual([false, body]);
    loseKey(world);
    await connectUntil(world);
    expect(world.control.aside).toEqual([body]);
  });
});

describe('a grant that a refresh has to finish first', () => {
  it('is not connected while a new token is kept sealed', async () => {
    const world = await worldOf('alive');
    world.elapsedMs += HOUR_MS;
    await runWithOutage(world, ['vault'], { trigger: 'manual' });
    const { outcome, calls } = await connectUntil(world);
    expect(outcome).toMatchObject({ kind: 'not_connected', failure: { code: 'grant_unfinished' } });
    expect(calls).not.toContain('exchange');
  });

  it.each([
    ['nothing sealed', undefined],
    ['an access token alone', { callers: [] }],
  ])('is not connected while its record cannot be read and has %s', async (_, accessTokens) => {
    const alive = await worldOf('alive');
    const world = { ...alive, grant: { ...alive.grant, accessTokens } };
    world.elapsedMs += HOUR_MS;
    await runSolo(world, { trigger: 'manual' });
    const { body = '' } = world.control;
    expect(findEnvelopes(body)).toHaveLength(accessTokens === undefined ? 0 : 1);
    world.control.body = body.replace('"check": "', '"check": "edited-');
    const { outcome, calls } = await connectUntil(world);
    expect(outcome).toMatchObject({ failure: { code: 'grant_unfinished' } });
    expect([calls.includes('exchange'), world.control.aside]).toEqual([false, []]);
  });

  it('is waited for while its lease is held, and left alone after that', async () => {
    const world = await worldOf('alive');
    const { grant, profile } = world;
    const ports = portsAtOnce(world, clockOf(world));
    const control = {
      ...ports.control,
      acquire: async () => failure('control', 'held'),
    };
    expect(await connectGrant({ ...ports, control }, { grant, profile }, consentOf(world))).toMatchObject({
      kind: 'not_connected',
      failure: { reason: 'held', action: expect.stringContaining('again') },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import type { CredentialUse } from '../../../src/lib/rotate/ports.ts';
import { runRotation } from '../../fakes/rotate/rotationRun.ts';
import { ownSecrets, ROTATION, rotationWorld, worldNow } from '../../fakes/rotate/rotationWorld.ts';

const REFUSED = permanentFailure({
  ...{ code: 'sign_in_logs_forbidden', message: 'It may not read them.', action: 'Let it.' },
});

/** A rotation whose first secret has a successor since eight days, with what the sign-in logs say of it. */
const oldSecret = async (
  logs: (old: string, nowEpochMs: number) => Awaited<ReturnType<CredentialUse['lastUses']>>,
  rotation = ROTATION,
) => {
  const world = rotationWorld(rotation);
  await runRotation(world);
  const [old = ''] = ownSecrets(world);
  world.elapsedMs += 46 * DAY_MS;
  await runRotation(world);
  const asked: number[] = [];
  const use: CredentialUse = {
    lastUses: async (_appId, days) => {
      asked.push(days);
      return logs(old, worldNow(world));
    },
  };
  world.sabotage = (ports) => ({ ...ports, use });
  const later = async (days: number) => {
    world.elapsedMs += days * DAY_MS;
    await runRotation(world);
    const turns = world.telemetry.eventsNamed('keywatch.rotation.advanced');
    // What a turn did, without the look after it that finds nothing to do.
    return turns.filter(({ outcome }) => outcome !== 'current').at(-1);
  };
  return { world, old, asked, later };
};

describe('an old secret, where sign-in logs can be asked', () => {
  it('stays while somebody uses it, and says when that was', async () => {
    let lastUsed = 0;
    const { world, old, asked, later } = await oldSecret((keyId, now) => {
      lastUsed = lastUsed || now - DAY_MS;
      return { ok: true, lastUses: new Map([[keyId, lastUsed]]) };
    });
    const turn = { outcome: 'in_use', keyId: old };
    expect(await later(8)).toMatchObject({ ...turn, lastUsedOn: lastUsed, reason: undefined });
    expect(await later(5.9)).toMatchObject(turn);
    expect(ownSecrets(world)).toHaveLength(2);
    expect(await later(1)).toMatchObject({ outcome: 'removed', keyId: old, reason: undefined });
    expect(asked).toEqual([7, 7, 7]);
    expect(world.broken).toEqual([]);
  });

  it('is removed once it has ended, whatever the logs say', async () => {
    const { old, later } = await oldSecret((keyId, now) => ({ ok: true, lastUses: new Map([[keyId, now]]) }));
    expect(await later(43)).toMatchObject({ outcome: 'in_use' });
    expect(await later(1.1)).toMatchObject({ outcome: 'removed', keyId: old });
  });

  it('is removed after the set time where the logs show nothing of the application, and says so', async () => {
    const { later } = await oldSecret(() => ({ ok: true, lastUses: undefined }));
    expect(await later(6)).toMatchObject({ outcome: 'stored' });
    expect(await later(2)).toMatchObject({ outcome: 'removed', reason: 'use_unknown' });
  });

  it('is kept for the set time again where the logs cannot be asked, and then removed with the reason', async () => {
    const { world, later } = await oldSecret(() => REFUSED);
    const told = { reason: REFUSED.code, permanence: 'permanent', action: REFUSED.action };
    expect(await later(8)).toMatchObject({ outcome: 'failed', ...told });
    expect(await later(6.9)).toMatchObject({ outcome: 'failed' });
    expect(ownSecrets(world)).toHaveLength(2);
    expect(await later(0.2)).toMatchObject({ outcome: 'removed', ...told });
    expect(ownSecrets(world)).toHaveLength(1);
    expect(world.broken).toEqual([]);
  });

  it('counts anew how long it could not be asked, once it was answered', async () => {
    let isAnswering = false;
    const { later } = await oldSecret((keyId, now) =>
      isAnswering ? { ok: true, lastUses: new Map([[keyId, now]]) } : REFUSED,
    );
    expect(await later(8)).toMatchObject({ outcome: 'failed' });
    isAnswering = true;
    expect(await later(5)).toMatchObject({ outcome: 'in_use' });
    isAnswering = false;
    expect(await later(5)).toMatchObject({ outcome: 'failed' });
    expect(await later(6.9)).toMatchObject({ outcome: 'failed' });
    expect(await later(0.2)).toMatchObject({ outcome: 'removed' });
  });

  it('is asked of nobody where consumers have no time to go on with it', async () => {
    const { asked, world } = await oldSecret(() => REFUSED, { ...ROTATION, keepOldDays: 0 });
    expect(asked).toEqual([]);
    expect(ownSecrets(world)).toHaveLength(1);
  });
});

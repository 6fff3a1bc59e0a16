import { describe, expect, it } from 'vitest';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import type { RotationPorts } from '../../../src/lib/rotate/ports.ts';
import { createRotator } from '../../../src/lib/rotate/rotator.ts';
import { copyOf, liveOn, runRotation } from '../../fakes/rotate/rotationRun.ts';
import {
  heldValue,
  ownSecrets,
  ROTATION,
  rotationPorts,
  rotationWorld,
  worldNow,
} from '../../fakes/rotate/rotationWorld.ts';

const MINUTES = 10;

const reported = (world: ReturnType<typeof rotationWorld>) =>
  world.telemetry.eventsNamed('keywatch.rotation.advanced').map(({ outcome, reason }) => reason ?? outcome);

describe('a run of the rotation timer', () => {
  it('makes, proves three times and stores a new secret within two minutes, with value, tags and end in one version', async () => {
    const world = rotationWorld();
    const { summary } = await runRotation(world);
    expect(summary).toEqual({ rotations: 1, turns: [{ id: 'crm', outcome: 'current' }], failed: 0 });
    expect(reported(world)).toEqual(['added', 'settling', 'settling', 'settling', 'stored', 'current']);
    expect(world.elapsedMs).toBeLessThan(2 * 60_000);
    const [made] = world.secrets.slice(1);
    const { value, tags, contentType, expiresOnEpochMs = 0 } = world.vault.versions.at(-1) ?? {};
    expect({ value, contentType }).toEqual({ value: made?.value, contentType: 'text/plain' });
    expect(tags).toEqual({
      'keywatch-owner': 'crm-team',
      'keywatch-app': ROTATION.appId,
      'keywatch-key-id': made?.keyId,
    });
    expect(Math.round((expiresOnEpochMs - worldNow(world)) / DAY_MS)).toBe(90);
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { job: 'secret-rotation', outcome: 'complete', periodSeconds: 600 },
    ]);
  });

  it('does nothing more until something is due: one look at its record', async () => {
    const world = rotationWorld();
    await runRotation(world);
    world.elapsedMs += 60_000;
    const { calls, summary } = await runRotation(world);
    expect(calls).toEqual(['control.acquire', 'control.read', 'control.release']);
    expect(summary?.turns).toEqual([]);
  });

  it('leaves what a person wrote meanwhile, and takes its own secret back', async () => {
    const world = rotationWorld();
    const { calls } = await runRotation(world, { crashAfterCalls: 20 });
    expect(calls).toContain('directory.addSecret');
    const [first] = world.vault.versions;
    if (first !== undefined) world.vault.versions.push({ ...first, version: 'by-hand' });
    world.elapsedMs += 70_000;
    await runRotation(world);
    expect(heldValue(world)).toBe('value-of-a-person');
    expect(reported(world)).toContain('rotation_vault_changed');
    expect(world.broken).toEqual([]);
  });

  it('waits out an attempt that ended with its secret in memory alone, and makes no other until that is gone', async () => {
    const world = rotationWorld();
    const { calls } = await runRotation(copyOf(world));
    await runRotation(world, { crashAfterCalls: calls.indexOf('directory.addSecret') + 1 });
    const [left] = ownSecrets(world);
    for (let waited = 0; ownSecrets(world).length > 0; waited += MINUTES) {
      expect([waited < 80, ownSecrets(world)]).toEqual([true, [left]]);
      world.elapsedMs += MINUTES * MINUTE_MS;
      await runRotation(world);
    }
    await liveOn(world, 1);
    expect(ownSecrets(world)).toHaveLength(1);
    expect(reported(world)).toContain('current');
  });

  it('makes no secret where another worker took the lease while it stood still', async () => {
    const whole = await runRotation(rotationWorld());
    const intent = whole.calls.lastIndexOf('control.write', whole.calls.indexOf('directory.addSecret'));
    const world = rotationWorld();
    const { calls } = await runRotation(world, {
      around: async (index, _name, when) => {
        if (index !== intent || when !== 'after') return;
        world.elapsedMs += 70_000;
        world.control.lease = { id: 'of another worker', endsMs: worldNow(world) + 60_000 };
      },
    });
    expect(calls).not.toContain('directory.addSecret');
    await liveOn(world, 1);
    expect(ownSecrets(world)).toHaveLength(1);
  });

  it('never says that nothing is due while no new secret can be made', async () => {
    const world = rotationWorld();
    world.sabotage = (ports) => {
      world.faults.add = 'silent';
      return ports;
    };
    await liveOn(world, 2);
    expect(reported(world)).toContain('directory_timeout');
    expect(reported(world)).not.toContain('current');
  });

  it('makes no secret for which the vault has no room for two tags', async () => {
    const world = rotationWorld();
    const [first] = world.vault.versions;
    const tags = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`tag-${index}`, 'x']));
    if (first !== undefined) world.vault.versions.splice(0, 1, { ...first, tags });
    const { calls } = await runRotation(world);
    expect(calls).not.toContain('directory.addSecret');
    expect(reported(world)).toEqual(['rotation_too_many_tags']);
  });

  const twoMonthsOn = async () => {
    const world = rotationWorld();
    await runRotation(world);
    world.elapsedMs += 50 * DAY_MS;
    await runRotation(world);
    world.elapsedMs += 8 * DAY_MS;
    return world;
  };

  it('removes nothing while the secret in the vault is refused', async () => {
    const world = await twoMonthsOn();
    world.faults.tokens = 'refuse new';
    const { calls } = await runRotation(world);
    expect(calls).not.toContain('directory.removeSecret');
    expect(reported(world).at(-1)).toBe('rotation_held_refused');
  });

  it('does not call the secret refused where a policy blocks whatever secret', async () => {
    const world = await twoMonthsOn();
    const code = 'policy_blocks' as const;
    const blocked = permanentFailure({ code, message: 'A policy blocks it.', action: 'Except the client.' });
    world.sabotage = (ports) => ({ ...ports, proof: { prove: async () => blocked } });
    const { calls } = await runRotation(world);
    expect(calls).not.toContain('directory.removeSecret');
    expect(reported(world).at(-1)).toBe(code);
  });

  it('says what to do about a record that it cannot read, and goes on once that is deleted', async () => {
    const world = rotationWorld();
    world.control.body = '{"half';
    await runRotation(world);
    expect(world.telemetry.failures).toMatchObject([
      { code: 'rotation_record_unreadable', retryable: false, subject: { credentialId: 'rotation/crm' } },
    ]);
    world.control.body = undefined;
    await runRotation(world);
    expect(reported(world).at(-1)).toBe('current');
  });

  it('names every secret value that it holds, and forgets them when all was sent', async () => {
    const world = rotationWorld();
    const known = new Set<string>();
    const ever = new Set<string>();
    const clock = {
      nowEpochMs: () => worldNow(world),
      monotonicMs: () => world.elapsedMs,
      sleep: async (ms: number) => {
        world.elapsedMs += ms;
      },
    };
    const rotate: RotationPorts = rotationPorts(world, async (_name, effect) => effect(), clock);
    const rotator = createRotator(
      { rotations: [ROTATION], isConfiguredName: () => false },
      {
        ...{ clock, telemetry: world.telemetry, rotate },
        secrets: {
          registerSecret(value) {
            known.add(value);
            ever.add(value);
            return () => void known.delete(value);
          },
        },
      },
    );
    await rotator.startRun();
    for (const { value } of world.secrets) expect(ever).toContain(value);
    expect([...known]).toEqual([]);
    const told = JSON.stringify([world.telemetry.events, world.telemetry.failures]);
    for (const { value } of world.secrets) expect(told).not.toContain(value);
  });

  it('reports a run of nothing where nothing is rotated, so that what was lost from the config is seen', async () => {
    const { telemetry } = rotationWorld();
    const clock = { nowEpochMs: () => 0, monotonicMs: () => 0, sleep: async () => undefined };
    const secrets = { registerSecret: () => () => undefined };
    const rotator = createRotator(
      { rotations: [], isConfiguredName: () => false },
      { clock, telemetry, secrets, rotate: undefined },
    );
    expect(await rotator.startRun()).toEqual({ rotations: 0, turns: [], failed: 0 });
    expect(telemetry.events).toMatchObject([
      {
        name: 'keywatch.run.completed',
        attributes: { job: 'secret-rotation', outcome: 'complete', objects: 0 },
      },
    ]);
  });
});

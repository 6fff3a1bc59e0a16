import { describe, expect, it } from 'vitest';
import { refreshDueGrants } from '../../../../src/lib/refresh/refreshDueGrants.ts';
import { type DeadPhase, newControlRecord } from '../../../../src/lib/refresh/rules/controlRecord.ts';
import { writeControlRecord } from '../../../../src/lib/refresh/rules/controlRecordText.ts';
import { digestOf } from '../../../../src/lib/stores/digestOf.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { refreshWorld } from '../../../fakes/refresh/refreshWorld.ts';
import { portsAtOnce } from '../../../fakes/refresh/worldEvents.ts';

const OFF_THE_HOUR = Date.parse('2026-11-22T12:43:30Z');
const ON_THE_HOUR = Date.parse('2026-11-22T13:03:30Z');

/** One timer run over one grant whose control record is dead, or newly made; what was reported of it. */
const statesAt = async (nowEpochMs: number, isDead: boolean) => {
  const world = refreshWorld({ kind: 'strict' });
  const { grant, profile } = world;
  const record = newControlRecord(grant.id, 'salt');
  const dead: DeadPhase = {
    state: 'dead',
    sinceEpochMs: OFF_THE_HOUR - 9 * 86_400_000,
    reason: 'refused',
    oauthError: 'invalid_grant',
    fingerprint: 'f',
    reported: true,
  };
  world.control.body = writeControlRecord(isDead ? { ...record, phase: dead } : record, digestOf);
  const ports = portsAtOnce(world, manualClock(nowEpochMs));
  await refreshDueGrants(ports, { grants: [{ grant, profile }], periodSeconds: 600 });
  return world.telemetry.eventsNamed('keywatch.grant.observed');
};

describe('the refresh timer', () => {
  it('reports at every run a grant that died days ago, so that its alert stays', async () => {
    const [state, ...rest] = await statesAt(OFF_THE_HOUR, true);
    expect(state).toMatchObject({
      outcome: 'dead',
      reason: 'invalid_grant',
      action: expect.stringMatching(/^Consent again/),
    });
    expect(state?.credentialId).toMatch(/^grant\//);
    expect(state?.tokenEndpointHost).not.toBe('unknown');
    expect(state?.targets).toBe('api.example,files.example');
    expect(rest).toEqual([]);
  });

  it('reports a grant that is in order once an hour', async () => {
    expect(await statesAt(OFF_THE_HOUR, false)).toEqual([]);
    expect(await statesAt(ON_THE_HOUR, false)).toHaveLength(1);
  });
});

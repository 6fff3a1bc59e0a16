import { describe, expect, it } from 'vitest';
import { refreshDueGrants } from '../../../src/lib/refresh/refreshDueGrants.ts';
import { newControlRecord } from '../../../src/lib/refresh/rules/controlRecord.ts';
import { writeControlRecord } from '../../../src/lib/refresh/rules/controlRecordText.ts';
import { sharedConsents } from '../../../src/lib/refresh/rules/sharedConsents.ts';
import { digestOf } from '../../../src/lib/stores/digestOf.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { refreshWorld } from '../../fakes/refresh/refreshWorld.ts';
import { portsAtOnce } from '../../fakes/refresh/worldEvents.ts';

const KNOWN = {
  grant: { id: 'one', clientId: 'client' },
  profile: { tokenEndpoint: 'https://login.example/token' },
  account: 'anna',
};
const other = (change: object) => ({ ...KNOWN, grant: { id: 'two', clientId: 'client' }, ...change });

describe('two grants', () => {
  it('of one account and one client at one server can end each other', () => {
    expect(sharedConsents([KNOWN, other({})]).map(({ of, others }) => [of.grant.id, others])).toEqual([
      ['one', ['two']],
      ['two', ['one']],
    ]);
  });

  it.each([
    ['account', { account: 'ben' }],
    ['client', { grant: { id: 'two', clientId: 'another' } }],
    ['server', { profile: { tokenEndpoint: 'https://other.example/token' } }],
  ])('of another %s cannot', (_what, change) => {
    expect(sharedConsents([KNOWN, other(change)])).toEqual([]);
  });

  it.each([
    ['the first run of a day', '2026-11-23T00:04:00Z', 2],
    ['any other run', '2026-11-23T00:09:00Z', 0],
  ])('are a finding each in %s, which does not name the account', async (_which, at, findings) => {
    const world = refreshWorld({ kind: 'strict' });
    const clock = manualClock(Date.parse(at));
    const ports = portsAtOnce(world, clock);
    const read = async (id: string) => {
      const body = writeControlRecord({ ...newControlRecord(id, 'salt'), account: 'anna@example' }, digestOf);
      return { ok: true, snapshot: { body, etag: undefined, storeNowEpochMs: clock.nowEpochMs() } } as const;
    };
    const grants = ['one', 'two'].map((id) => ({
      grant: { ...world.grant, id },
      profile: world.profile,
    }));
    await refreshDueGrants({ ...ports, control: { ...ports.control, read } }, { grants, periodSeconds: 300 });
    const told = world.telemetry.eventsNamed('keywatch.finding.observed');
    expect(told).toHaveLength(findings);
    expect(JSON.stringify(told)).not.toContain('anna');
    for (const { finding, detail } of told)
      expect([finding, detail]).toEqual(['shared_consent', expect.stringMatching(/one|two/)]);
  });
});

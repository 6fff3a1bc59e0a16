import { describe, expect, it } from 'vitest';
import type { RefreshDispatch } from '../../../src/lib/refresh/ports.ts';
import { refreshDueGrants } from '../../../src/lib/refresh/refreshDueGrants.ts';
import { newControlRecord } from '../../../src/lib/refresh/rules/controlRecord.ts';
import { writeControlRecord } from '../../../src/lib/refresh/rules/controlRecordText.ts';
import type { RefreshMessage } from '../../../src/lib/refresh/rules/refreshMessage.ts';
import { digestOf } from '../../../src/lib/stores/digestOf.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { failure } from '../../fakes/refresh/fakeControlStore.ts';
import { type RefreshWorld, refreshWorld } from '../../fakes/refresh/refreshWorld.ts';
import { breakPort, portsAtOnce } from '../../fakes/refresh/worldEvents.ts';

const NOW = Date.parse('2026-11-22T12:20:00Z');

const run = async (
  count: number,
  maxRefreshPer10Minutes: number | undefined,
  bodies: Record<string, string> = {},
  readingTakesMs = 0,
) => {
  const world = refreshWorld({ kind: 'strict' });
  const sent: (RefreshMessage & { delaySeconds: number; lapsesAfterSeconds: number | undefined })[] = [];
  const clock = manualClock(NOW);
  const ports = portsAtOnce(world, clock);
  const summary = await refreshDueGrants(
    {
      ...ports,
      control: {
        ...ports.control,
        read: async (id) => {
          await clock.advance(readingTakesMs / count);
          return { ok: true, snapshot: { body: bodies[id], etag: undefined, storeNowEpochMs: NOW } };
        },
      },
      dispatch: {
        send: async (message, delaySeconds, lapsesAfterSeconds) => {
          sent.push({ ...message, delaySeconds, lapsesAfterSeconds });
          return { ok: true };
        },
      },
    },
    {
      grants: Array.from({ length: count }, (_, index) => ({
        grant: { ...world.grant, id: `grant-${index}` },
        profile: { ...world.profile, maxRefreshPer10Minutes },
      })),
      periodSeconds: 300,
    },
  );
  return { sent, summary };
};

/** One run over grants of these names, whose messages go where `send` puts them. */
const runOver = (world: RefreshWorld, ids: readonly string[], send: RefreshDispatch['send']) =>
  refreshDueGrants(
    { ...portsAtOnce(world), dispatch: { send } },
    {
      grants: ids.map((id) => ({ grant: { ...world.grant, id }, profile: world.profile })),
      periodSeconds: 300,
    },
  );

describe('a run of the refresh timer', () => {
  it('spreads the messages of one endpoint so that it never sees more than its rate', async () => {
    const { sent, summary } = await run(500, 60);
    expect(sent).toHaveLength(25);
    expect(sent.map(({ delaySeconds }) => delaySeconds)).toEqual(
      Array.from({ length: 25 }, (_, slot) => slot * 12),
    );
    expect(summary).toMatchObject({ looked: 500, left: 475, failed: 0 });
  });

  it('lets a message of a limited endpoint lapse soon after its moment, and no other', async () => {
    const limited = await run(3, 60);
    expect(limited.sent.map((one) => (one.lapsesAfterSeconds ?? 0) - one.delaySeconds)).toEqual([90, 90, 90]);
    const unlimited = await run(3, undefined);
    expect(unlimited.sent.map((one) => one.lapsesAfterSeconds)).toEqual([undefined, undefined, undefined]);
  });

  it('lets a message end with its slot also where reading the records took long', async () => {
    const { sent } = await run(3, 60, {}, 60_000);
    // The slots of a run begin at NOW, every 12 seconds, and are open for 90.
    expect(sent.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 0, 0]);
    expect(sent.map(({ lapsesAfterSeconds }) => lapsesAfterSeconds)).toEqual([30, 42, 54]);
    const tooLate = await run(3, 60, {}, 105_000);
    expect(tooLate.sent.map(({ lapsesAfterSeconds }) => lapsesAfterSeconds)).toEqual([9]);
    expect(tooLate.summary).toMatchObject({ failed: 0, left: 2 });
  });

  it('sends what a crash left behind at once and before all else, rate or not', async () => {
    const record = newControlRecord('grant-499', 'salt');
    const body = writeControlRecord({ ...record, phase: { state: 'idle' } }, digestOf);
    const { sent } = await run(500, 1, { 'grant-499': `${body} damaged` });
    expect(sent[0]).toMatchObject({ grantId: 'grant-499', delaySeconds: 0, trigger: 'reconcile' });
    expect(sent[1]).toMatchObject({ delaySeconds: 240, trigger: 'due' });
    expect(sent).toHaveLength(2);
  });
});

describe('one grant whose turn fails', () => {
  const IDS = ['before', 'broken', 'after'];

  it('keeps no other from its turn, and is reported with its name and owner', async () => {
    const world = refreshWorld({ kind: 'strict' });
    breakPort(world, 'control', ({ read }) => ({
      read: async (id) => {
        if (id === 'broken') throw new RangeError('Invalid time value');
        return read(id);
      },
    }));
    const summary = await runOver(world, IDS, async () => ({ ok: true }));
    expect(summary).toMatchObject({ looked: 3, failed: 1, left: 0 });
    expect(summary.sent.map(({ grantId }) => grantId)).toEqual(['before', 'after']);
    expect(world.telemetry.failures).toMatchObject([
      { code: 'turn_failed', retryable: false, subject: { credentialId: 'grant/broken', owner: 'crm-team' } },
    ]);
  });

  it('does so as well when its message cannot be sent', async () => {
    const world = refreshWorld({ kind: 'strict' });
    const summary = await runOver(world, IDS, async ({ grantId }) => {
      if (grantId === 'broken') throw new Error('the queue client broke its promise');
      return { ok: true };
    });
    expect(summary).toMatchObject({ failed: 1, left: 0 });
    expect(summary.sent.map(({ grantId }) => grantId)).toEqual(['before', 'after']);
  });

  it('is reconciled by a worker when its record holds an instant that no calendar has', async () => {
    for (const beyond of [9e15, -9e15, Number.MAX_VALUE]) {
      const record = newControlRecord('grant-1', 'salt');
      const dead = { state: 'dead', reason: 'refused', fingerprint: 'f', reported: true };
      const phase = { ...dead, sinceEpochMs: beyond };
      for (const changes of [{ refreshedAtEpochMs: beyond }, { deadlineEpochMs: beyond }, { phase }]) {
        const body = writeControlRecord({ ...record, ...changes } as typeof record, digestOf);
        const { sent, summary } = await run(3, undefined, { 'grant-1': body });
        expect(summary).toMatchObject({ looked: 3, failed: 0 });
        expect(sent.find(({ grantId }) => grantId === 'grant-1')).toMatchObject({ trigger: 'reconcile' });
      }
    }
  });
});

describe('a message that the queue refuses', () => {
  it('is reported, with the grant, its owner and what to do, and counts as failed', async () => {
    const world = refreshWorld({ kind: 'strict' });
    const refused = { ...failure('dispatch', 'forbidden'), retryable: false } as const;
    const summary = await runOver(world, [world.grant.id], async () => refused);
    expect(summary).toMatchObject({ looked: 1, failed: 1, sent: [] });
    const subject = { credentialId: 'grant/crm', owner: 'crm-team' };
    expect(world.telemetry.failures).toMatchObject([
      { code: 'dispatch_forbidden', retryable: false, subject },
    ]);
  });
});

describe('two providers with one token endpoint', () => {
  it.each([[[600, 3]], [[3, 600]]])(
    'share the lower of their rates, whichever comes first: %s',
    async (rates) => {
      const world = refreshWorld({ kind: 'strict' });
      const delays: number[] = [];
      const dispatch: RefreshDispatch = {
        send: async (_message, delaySeconds) => {
          delays.push(delaySeconds);
          return { ok: true };
        },
      };
      const grants = rates.flatMap((maxRefreshPer10Minutes, rate) =>
        Array.from({ length: 3 }, (_, index) => ({
          grant: { ...world.grant, id: `grant-${rate}-${index}` },
          profile: { ...world.profile, maxRefreshPer10Minutes },
        })),
      );
      const ports = { ...portsAtOnce(world, manualClock(NOW)), dispatch };
      await refreshDueGrants(ports, { grants, periodSeconds: 600 });
      expect(delays).toEqual([0, 240, 480]);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { subjectsPiece } from '../../../src/lib/board/recordEvents.ts';
import { shardOf } from '../../../src/lib/board/rules/shard.ts';
import { lastOfGrant, readSubjects, subjectsText } from '../../../src/lib/board/rules/subjects.ts';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import { HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { boardState, historyOf } from '../../fakes/boardState.ts';
import type { FakePieceStore } from '../../fakes/fakePieceStore.ts';
import { NOW_EPOCH_MS } from '../../fakes/metadata.ts';

const GRANT = 'grant/crm';
const observed = { credentialId: GRANT, provider: 'crm', tokenEndpointHost: 'login.example' } as const;
const attempt = (outcome: 'refreshed' | 'dead' | 'transient_failure', reason?: string) =>
  ({ ...observed, outcome, reason, durationMs: 5 }) as const;

const subjectIn = ({ pieces }: FakePieceStore, id: string) =>
  readSubjects(pieces.get(subjectsPiece(shardOf(id)))?.text ?? '')[id];

describe('the state that events leave', () => {
  it('has the last event of each sort about a subject, written when telemetry is sent', async () => {
    const { store, reported, telemetry } = boardState();
    telemetry.event('keywatch.grant.refreshed', attempt('transient_failure', 'timeout'));
    telemetry.event('keywatch.grant.refreshed', attempt('refreshed'));
    telemetry.event('keywatch.grant.observed', observed);
    expect(store.pieces.size).toBe(0);
    await telemetry.flush(60_000);
    expect(reported.events).toHaveLength(3);
    expect(subjectIn(store, GRANT)).toEqual({
      attempt: { ...attempt('refreshed'), atEpochMs: NOW_EPOCH_MS },
      observed: { ...observed, atEpochMs: NOW_EPOCH_MS },
    });
  });

  it('keeps what others wrote, and what an event of another sort said before', async () => {
    const { store, telemetry } = boardState();
    telemetry.event('keywatch.grant.observed', observed);
    await telemetry.flush(60_000);
    telemetry.event('keywatch.grant.refreshed', attempt('dead', 'invalid_grant'));
    await telemetry.flush(60_000);
    expect(subjectIn(store, GRANT)).toMatchObject({ observed, attempt: { outcome: 'dead' } });
  });

  it('is read anew where another instance wrote in between', async () => {
    const { store, telemetry } = boardState();
    const piece = subjectsPiece(shardOf(GRANT));
    const { read } = store;
    let isFirst = true;
    store.read = async (name) => {
      const answer = await read(name);
      if (isFirst) await store.write(piece, '{"version":1,"subjects":{"grant/other":{}}}', undefined);
      isFirst = false;
      return answer;
    };
    telemetry.event('keywatch.grant.observed', observed);
    await telemetry.flush(60_000);
    expect(subjectIn(store, GRANT)).toMatchObject({ observed });
    expect(readSubjects(store.pieces.get(piece)?.text ?? '')).toHaveProperty(['grant/other']);
  });

  it('is not written again within a quarter of an hour where it says nothing new', async () => {
    const { clock, store, telemetry } = boardState();
    const tell = async (durationMs: number) => {
      telemetry.event('keywatch.grant.refreshed', { ...attempt('refreshed'), durationMs });
      await telemetry.flush(60_000);
    };
    await tell(5);
    await tell(6);
    expect(store.writes).toHaveLength(1);
    clock.advance(15 * 60_000);
    await tell(7);
    expect(store.writes).toHaveLength(2);
  });

  it('is put right by the next event where a clock that was ahead wrote it', async () => {
    const { clock, store, telemetry } = boardState();
    const tell = async () => {
      telemetry.event('keywatch.grant.refreshed', attempt('refreshed'));
      await telemetry.flush(60_000);
    };
    clock.advance(HOUR_MS);
    await tell();
    clock.advance(-HOUR_MS);
    await tell();
    expect(subjectIn(store, GRANT)).toMatchObject({ attempt: { atEpochMs: NOW_EPOCH_MS } });
  });

  it('has what happens after a clock that was ahead reported where the grant stands', async () => {
    const { clock, store, telemetry } = boardState();
    clock.advance(HOUR_MS);
    telemetry.event('keywatch.grant.observed', observed);
    await telemetry.flush(60_000);
    clock.advance(-HOUR_MS);
    telemetry.event('keywatch.grant.refreshed', attempt('dead', 'invalid_grant'));
    await telemetry.flush(60_000);
    expect(lastOfGrant(subjectIn(store, GRANT) ?? {})).toMatchObject({ outcome: 'dead' });
    expect(historyOf(store, GRANT)).toEqual(['grant: dead (invalid_grant)', 'grant: in order']);
  });

  it('has what an instance a second ahead reported, where another writes what it saw before that', async () => {
    const { store, telemetry } = boardState();
    telemetry.event('keywatch.grant.observed', observed);
    const dead = { ...attempt('dead', 'invalid_grant'), atEpochMs: NOW_EPOCH_MS + 1_000 };
    const piece = subjectsPiece(shardOf(GRANT));
    await store.write(piece, subjectsText({ [GRANT]: { attempt: dead } }), undefined);
    await telemetry.flush(60_000);
    expect(lastOfGrant(subjectIn(store, GRANT) ?? {})).toMatchObject({ outcome: 'dead' });
  });

  it('has the runs of timers, and leaves those of a target to its scan', async () => {
    const { store, telemetry } = boardState();
    const run = {
      runId: 'r',
      mode: 'timer',
      outcome: 'complete',
      objects: 1,
      pages: 0,
      durationMs: 1,
    } as const;
    telemetry.event('keywatch.run.completed', { ...run, job: 'token-refresh' });
    telemetry.event('keywatch.run.completed', { ...run, job: 'keyvault-scan', vault: 'kv' });
    await telemetry.flush(60_000);
    expect(subjectIn(store, 'job/token-refresh')).toMatchObject({ run: { outcome: 'complete' } });
    expect(subjectIn(store, 'job/keyvault-scan')).toBeUndefined();
  });

  it('costs telemetry nothing where the store fails', async () => {
    const { store, reported, telemetry } = boardState();
    store.fail(storeFailure('board_state', 'unavailable', { message: 'no' }));
    telemetry.event('keywatch.grant.observed', observed);
    expect(await telemetry.flush(60_000)).toEqual({ finished: true, undeliveredBatches: 0 });
    expect(reported.failures.map(({ code }) => code)).toEqual(['board_state_unavailable']);
  });
});

describe('the history that events leave', () => {
  it('has each change of standing once', async () => {
    const { store, telemetry } = boardState();
    for (const one of [attempt('refreshed'), attempt('refreshed'), attempt('dead', 'invalid_grant')]) {
      telemetry.event('keywatch.grant.refreshed', one);
      await telemetry.flush(60_000);
    }
    expect(historyOf(store, GRANT)).toEqual(['grant: dead (invalid_grant)', 'grant: refreshed']);
  });
});

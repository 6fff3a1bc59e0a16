import type { Caller } from '../callers/rules/caller.ts';
import type { Clock } from '../kernel/clock.ts';
import { clockAheadAsAbsent } from '../kernel/instant.ts';
import type { StoreAnswer } from '../kernel/storeFailure.ts';
import { DAY_MS } from '../kernel/time.ts';
import { digestOf } from '../stores/digestOf.ts';
import type { PieceStore } from './ports.ts';
import { parsedState, STATE_VERSION } from './rules/records.ts';

/** When those who have the address of a calendar were last let in, with the role that it stands for. */
export interface CalendarReaders {
  /** From now on somebody is noted, who was let in just now unless said. */
  begin(by: string, seenEpochMs?: number): Promise<StoreAnswer>;
  /** Notes, once a day, that somebody who is noted was let in. Never rejects: what is not noted is at the next visit. */
  note(by: Caller): Promise<void>;
  /** Absent: nobody knows. */
  lastSeen(by: string): Promise<StoreAnswer<{ readonly seenEpochMs: number | undefined }>>;
}

const NOTED_FOR_MS = DAY_MS;
/** In memory; then all are asked for again. */
const MOST_REMEMBERED = 10_000;

/** What lies ahead was noted by a wrong clock. */
const isRecent = (atEpochMs = Number.NEGATIVE_INFINITY, nowEpochMs: number): boolean =>
  Math.abs(nowEpochMs - atEpochMs) < NOTED_FOR_MS;

const pieceOf = (by: string): string => `calendar-readers/${digestOf(by)}.json`;

export const calendarReaders = (store: PieceStore, clock: Pick<Clock, 'nowEpochMs'>): CalendarReaders => {
  const looked = new Map<string, number>();

  const load = async (by: string) => {
    const answer = await store.read(pieceOf(by));
    if (!answer.ok) return answer;
    const seen = parsedState(answer.piece?.text ?? '')?.['seenEpochMs'];
    return {
      ok: true,
      seenEpochMs: typeof seen === 'number' ? seen : undefined,
      etag: answer.piece?.etag,
    } as const;
  };

  const write = (by: string, seenEpochMs: number, etag: string | undefined): Promise<StoreAnswer> =>
    store.write(pieceOf(by), JSON.stringify({ version: STATE_VERSION, seenEpochMs }), etag);

  return {
    async begin(by, seenEpochMs = clock.nowEpochMs()) {
      looked.delete(by);
      const known = await load(by);
      if (!known.ok) return known;
      const written = await write(by, seenEpochMs, known.etag);
      // Whoever was before us wrote the same.
      return !written.ok && written.reason === 'conflict' ? { ok: true } : written;
    },
    async note({ objectId: by }) {
      const nowEpochMs = clock.nowEpochMs();
      if (isRecent(looked.get(by), nowEpochMs)) return;
      const known = await load(by);
      if (!known.ok) return;
      const isNew = known.seenEpochMs !== undefined && !isRecent(known.seenEpochMs, nowEpochMs);
      if (isNew && !(await write(by, nowEpochMs, known.etag)).ok) return;
      if (looked.size >= MOST_REMEMBERED) looked.clear();
      looked.set(by, nowEpochMs);
    },
    async lastSeen(by) {
      const known = await load(by);
      if (!known.ok) return known;
      return { ok: true, seenEpochMs: clockAheadAsAbsent(known.seenEpochMs, clock.nowEpochMs()) };
    },
  };
};

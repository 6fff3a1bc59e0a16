import { clockAheadAsAbsent } from '../kernel/instant.ts';
import { HOUR_MS } from '../kernel/time.ts';
import type { EventAttributes, EventName } from '../telemetry/catalog.ts';
import type { StatePorts } from './recordScan.ts';
import type { HistoryLine } from './rules/history.ts';
import { SHARDS, shardOf } from './rules/shard.ts';
import {
  isKeptEvent,
  isNews,
  KEPT_EVENTS,
  readSubjects,
  type Subject,
  standingWords,
  subjectOf,
  subjectsText,
} from './rules/subjects.ts';

export const SUBJECTS_PREFIX = 'subjects/';
export const subjectsPiece = (shard: string): string => `${SUBJECTS_PREFIX}${shard}.json`;

/** How long a piece that says nothing new is left as it is: its times are shown, and must not look forgotten. */
const RENEW_AFTER_MS = HOUR_MS / 4;
/** Two instances may write one piece at a time, seldom three. */
const MOST_TRIES = 3;

export interface EventRecord {
  /** Remembers an event; costs nothing. */
  event<N extends EventName>(name: N, attributes: EventAttributes<N>): void;
  /** Writes what was remembered. Never rejects; what could not be written is gone, and the next run says it again. */
  flush(): Promise<void>;
}

/** Keeps where each grant, client, rotation and job stands, and what changed, by what telemetry is told of them. */
export const recordEvents = ({ store, clock, cleaned, failed, addHistory }: StatePorts): EventRecord => {
  let waiting = new Map<string, Subject>();

  const writeShard = async (shard: string, news: readonly (readonly [string, Subject])[]): Promise<void> => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const answer = await store.read(subjectsPiece(shard));
      if (!answer.ok) return failed(answer);
      const before = readSubjects(answer.piece?.text ?? '');
      const changed = news.map(
        ([id, subject]) => [id, { ...known(before[id], subject), ...subject }] as const,
      );
      if (changed.every(([id, after]) => !isDue(before[id], after))) return;
      const after = { ...before, ...Object.fromEntries(changed) };
      const written = await store.write(subjectsPiece(shard), subjectsText(after), answer.piece?.etag);
      if (written.ok) return addHistory(changed.flatMap(([id, subject]) => linesOf(id, before[id], subject)));
      if (written.reason !== 'conflict') return failed(written);
    }
  };

  /** What was kept before; what a clock wrote that was ahead is no later than what is said now. */
  const known = (kept: Subject = {}, news: Subject): Subject =>
    Object.fromEntries(
      Object.entries(kept).map(([slot, one]) => {
        const isAhead = clockAheadAsAbsent(one?.atEpochMs, clock.nowEpochMs()) === undefined;
        return [slot, one && isAhead ? { ...one, atEpochMs: newestOf(news) - 1 } : one];
      }),
    );

  const linesOf = (id: string, before: Subject | undefined, after: Subject): HistoryLine[] => {
    const what = standingWords(after);
    if (what === '' || (before !== undefined && standingWords(before) === what)) return [];
    return [{ atEpochMs: clock.nowEpochMs(), id, what }];
  };

  return {
    event(name, attributes) {
      if (!isKeptEvent(name)) return;
      const id = subjectOf(name, attributes as never);
      if (id === undefined) return;
      const kept = { ...attributes, atEpochMs: clock.nowEpochMs() };
      waiting.set(id, { ...waiting.get(id), [KEPT_EVENTS[name]]: kept });
    },
    async flush() {
      if (waiting.size === 0) return;
      const taken = waiting;
      waiting = new Map();
      const news = [...taken].map(([id, subject]) => [id, cleanedSubject(cleaned, subject)] as const);
      await Promise.all(
        SHARDS.map((shard) => [shard, news.filter(([id]) => shardOf(id) === shard)] as const)
          .filter(([, own]) => own.length > 0)
          .map(([shard, own]) => writeShard(shard, own)),
      );
    },
  };
};

const cleanedSubject = (cleaned: StatePorts['cleaned'], subject: Subject): Subject => {
  const slots = Object.entries(subject) as [string, object][];
  const clean = cleaned(slots.map(([, kept]) => kept));
  return Object.fromEntries(slots.map(([slot], index) => [slot, clean[index]]));
};

/** What a clock wrote that was ahead is no newer. */
const isDue = (before: Subject | undefined, after: Subject): boolean =>
  isNews(before, after) || Math.abs(newestOf(after) - newestOf(before ?? {})) >= RENEW_AFTER_MS;

const newestOf = (subject: Subject): number =>
  Math.max(0, ...Object.values(subject).map((kept) => kept?.atEpochMs ?? 0));

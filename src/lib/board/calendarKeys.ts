import { isHandle, newHandle } from '../kernel/handle.ts';
import { isRecord } from '../kernel/isRecord.ts';
import { isSameText } from '../kernel/sameText.ts';
import type { StoreAnswer } from '../kernel/storeFailure.ts';
import { DAY_MS } from '../kernel/time.ts';
import { digestOf } from '../stores/digestOf.ts';
import { ticketIdOf } from '../stores/ticketId.ts';
import type { PieceStore } from './ports.ts';
import { parsedState, STATE_VERSION } from './rules/records.ts';

/** What makes an address good for the calendar of one owner, without anybody signing in: see docs/threat-model.md. */
export interface CalendarKey {
  /** SHA-256 of the key, in hex: the store does not have the key itself. */
  readonly digest: string;
  /** Object id of whoever has it. */
  readonly by: string;
  readonly sinceEpochMs: number;
}

/** A person who left is forgotten at the latest then. */
export const KEY_LIVES_MS = 365 * DAY_MS;
/** So long after its person was last let in a key is good for nothing, until they are again. */
export const KEY_RESTS_AFTER_DAYS = 90;
/** Of one owner; the oldest goes. */
const MOST_KEYS = 100;
const MOST_TRIES = 3;

const pieceOf = (owner: string): string => `calendars/${digestOf(owner)}.json`;

const isKey = (one: unknown): one is CalendarKey =>
  isRecord(one) &&
  typeof one['digest'] === 'string' &&
  typeof one['by'] === 'string' &&
  typeof one['sinceEpochMs'] === 'number';

export interface CalendarKeys {
  /** Those that are good now. */
  read(owner: string, nowEpochMs: number): Promise<StoreAnswer<{ readonly keys: readonly CalendarKey[] }>>;
  /** Makes a new one for somebody; the one that they had ends. */
  make(owner: string, by: string, nowEpochMs: number): Promise<StoreAnswer<{ readonly key: string }>>;
  /** Ends everybody's. */
  end(owner: string): Promise<StoreAnswer>;
}

/** Which of the keys this is; absent: none of them. */
export const keyAmong = (keys: readonly CalendarKey[], key: string): CalendarKey | undefined =>
  isHandle(key) ? keys.find(({ digest }) => isSameText(ticketIdOf(key), digest)) : undefined;

/** Until when a key is good. @param seenEpochMs when its person was last let in; absent: when it was made */
export const goodUntil = ({ sinceEpochMs }: CalendarKey, seenEpochMs = sinceEpochMs): number =>
  Math.min(sinceEpochMs + KEY_LIVES_MS, Math.max(sinceEpochMs, seenEpochMs) + KEY_RESTS_AFTER_DAYS * DAY_MS);

export const calendarKeys = (store: PieceStore): CalendarKeys => {
  const load = async (owner: string, nowEpochMs: number) => {
    const answer = await store.read(pieceOf(owner));
    if (!answer.ok) return answer;
    const read = parsedState(answer.piece?.text ?? '')?.['keys'];
    const keys = Array.isArray(read) ? read.filter(isKey) : [];
    const good = keys.filter(({ sinceEpochMs }) => nowEpochMs - sinceEpochMs < KEY_LIVES_MS);
    return { ok: true, keys: good, etag: answer.piece?.etag } as const;
  };

  return {
    read: load,
    async make(owner, by, nowEpochMs) {
      const key = newHandle();
      for (let tries = 1; ; tries++) {
        const known = await load(owner, nowEpochMs);
        if (!known.ok) return known;
        const keys = [
          ...known.keys.filter((one) => one.by !== by).slice(1 - MOST_KEYS),
          { digest: ticketIdOf(key), by, sinceEpochMs: nowEpochMs },
        ];
        const text = JSON.stringify({ version: STATE_VERSION, keys });
        const written = await store.write(pieceOf(owner), text, known.etag);
        if (written.ok) return { ok: true, key };
        if (written.reason !== 'conflict' || tries === MOST_TRIES) return written;
      }
    },
    end: (owner) => store.remove(pieceOf(owner)),
  };
};

import type { Clock } from '../kernel/clock.ts';
import { isoDate } from '../kernel/instant.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { ScanRecord } from '../scan/ports.ts';
import { worstFirst } from '../scan/rules/worstFirst.ts';
import { digestOf } from '../stores/digestOf.ts';
import type { PieceStore } from './ports.ts';
import { type HistoryLine, historyBetween, type Traits, traitsOf } from './rules/history.ts';
import {
  type CredentialRecord,
  type Part,
  partText,
  readPart,
  readTargetState,
  recordOf,
  STATE_VERSION,
  type TargetState,
} from './rules/records.ts';
import { LAST_URGENT_RANK, urgencyOf } from './rules/urgency.ts';

/** Credentials of one part: one and a half megabytes as JSON, a tenth of that on the wire. */
export const MOST_IN_PART = 5_000;
/** Of a target with more no history is kept: what was there before would have to be in memory. */
const MOST_WITH_HISTORY = 50_000;

export interface StatePorts {
  readonly store: PieceStore;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  /** Takes what is, or looks like, a secret out of records. */
  readonly cleaned: <T extends object>(records: readonly T[]) => T[];
  /** Hears why something could not be kept. */
  readonly failed: (failure: StoreFailure) => void;
  readonly addHistory: (lines: readonly HistoryLine[]) => Promise<void>;
}

const namesOf = (parts: readonly { readonly name: string }[]): ReadonlySet<string> =>
  new Set(parts.map(({ name }) => name));

export const TARGETS_PREFIX = 'targets/';

/**
 * Keeps what a scan sees, in the memory of a few parts. Parts are named by what is in them and the day, so that a scan
 * that sees nothing new writes nothing but when it was. The state of the last complete scan stays until another is
 * complete.
 */
export const recordScan = (
  { store, clock, cleaned, failed, addHistory }: StatePorts,
  { source, target }: { readonly source: TargetState['source']; readonly target: string },
): ScanRecord => {
  const key = digestOf(`${source} ${target}`);
  const name = `${TARGETS_PREFIX}${key}.json`;
  const partsPrefix = `parts/${key}/`;
  const buffers = new Map<number, CredentialRecord[]>();
  const parts: Part[] = [];
  /** Of what lies in parts that are new: what lies in the others is as it was. */
  const traits = new Map<string, Traits>();
  let total = 0;
  let isBroken = false;
  /** `there`: the parts that the store has, whoever wrote them, with their ETags. */
  let kept:
    | { state: TargetState | undefined; etag: string | undefined; there: ReadonlyMap<string, string> }
    | undefined;

  const giveUp = (failure: StoreFailure): void => {
    if (!isBroken) failed(failure);
    isBroken = true;
  };

  const readKept = async () => {
    // In this order: what another scan has written by the end of the list is of one that this one conflicts with.
    const answer = await store.read(name);
    if (!answer.ok) return giveUp(answer);
    const listed = await store.list(partsPrefix);
    if (!listed.ok) return giveUp(listed);
    const state = readTargetState(answer.piece?.text ?? '');
    const there = new Map(listed.pieces.map((piece) => [piece.name, piece.etag]));
    kept = { state, etag: answer.piece?.etag, there };
  };

  const writePart = async (records: readonly CredentialRecord[]): Promise<void> => {
    if (isBroken || records.length === 0) return;
    if (kept === undefined) await readKept();
    const sorted = [...records].sort(worstFirst);
    const nowEpochMs = clock.nowEpochMs();
    // Named by what was seen, so that what is there already need not be cleaned again; and by the day, so that what
    // somebody damaged is not there for longer.
    const part = `${partsPrefix}${digestOf(`${isoDate(nowEpochMs)} ${partText(sorted)}`)}.json`;
    const urgency = Math.min(...sorted.map((one) => urgencyOf(one, nowEpochMs)));
    parts.push({ name: part, count: sorted.length, urgency });
    const isAsBefore = kept?.state?.complete?.parts.some((one) => one.name === part) === true;
    const etag = kept?.there.get(part);
    if (isBroken || (isAsBefore && etag !== undefined)) return;
    const clean = cleaned(sorted);
    const hasBefore = kept?.state?.complete !== undefined;
    if (hasBefore && !isAsBefore && total <= MOST_WITH_HISTORY)
      for (const one of clean) traits.set(one.credentialId, traitsOf(one));
    const text = partText(clean);
    // Also what is there: a scan that ended just now may be removing it, by the ETag that it had.
    const again = etag === undefined ? undefined : await store.write(part, text, etag);
    const isThere = again !== undefined && (again.ok || again.reason !== 'conflict');
    const answer = isThere ? again : await store.write(part, text, undefined);
    // Of the same name is the same content.
    if (!answer.ok && answer.reason !== 'conflict') giveUp(answer);
  };

  /** What needs attention lies in parts by its status: a page of many targets has the worst of all of them first. */
  const writeRest = async (): Promise<void> => {
    const ranks = [...buffers].sort(([one], [other]) => one - other);
    const apart = Map.groupBy(ranks, ([rank]) => (rank <= LAST_URGENT_RANK ? rank : undefined));
    for (const some of apart.values()) {
      const records = some.flatMap(([, buffer]) => buffer);
      for (let from = 0; from < records.length; from += MOST_IN_PART)
        await writePart(records.slice(from, from + MOST_IN_PART));
    }
  };

  const historySince = async (before: readonly Part[], atEpochMs: number): Promise<void> => {
    const names = namesOf(parts);
    const count = before.reduce((sum, part) => sum + part.count, 0);
    if (total > MOST_WITH_HISTORY || count > MOST_WITH_HISTORY) return;
    const records: CredentialRecord[] = [];
    for (const part of before.filter((one) => !names.has(one.name))) {
      const answer = await store.read(part.name);
      const read = answer.ok && answer.piece !== undefined ? readPart(answer.piece.text, part) : undefined;
      // Half of what was there would make the rest appear anew.
      if (read === undefined) return;
      records.push(...read);
    }
    await addHistory(historyBetween(records, traits, atEpochMs));
  };

  return {
    see(assessment) {
      if (isBroken) return undefined;
      const record = recordOf(assessment);
      total += 1;
      const urgency = urgencyOf(record, clock.nowEpochMs());
      const buffer = buffers.get(urgency) ?? [];
      buffers.set(urgency, buffer);
      buffer.push(record);
      if (buffer.length < MOST_IN_PART) return undefined;
      buffers.set(urgency, []);
      return writePart(buffer);
    },
    async end({ vault, outcome, failure, counts }) {
      const atEpochMs = clock.nowEpochMs();
      if (outcome === 'complete') await writeRest();
      if (kept === undefined) await readKept();
      if (isBroken) return;
      const { state: before, etag, there = new Map<string, string>() } = kept ?? {};
      const isComplete = outcome === 'complete';
      const old = before?.complete?.parts ?? [];
      const { reason, message, action } = failure ?? {};
      const [last = { atEpochMs, outcome }] = cleaned([{ atEpochMs, outcome, reason, message, action }]);
      const state: TargetState = {
        version: STATE_VERSION,
        ...{ source, target, vault },
        last,
        complete: isComplete ? { atEpochMs, counts, parts } : before?.complete,
      };
      const answer = await store.write(name, JSON.stringify(state), etag);
      // Another scan of the same target ended just now: what it saw is as good.
      if (!answer.ok) return answer.reason === 'conflict' ? undefined : giveUp(answer);
      if (!isComplete) return;
      if (before?.complete !== undefined) await historySince(old, atEpochMs);
      // A page may still be reading the parts of the scan before; what no scan that ended has is of no use.
      const inUse = namesOf([...old, ...parts]);
      for (const [part, itsEtag] of there) if (!inUse.has(part)) await store.remove(part, itsEtag);
    },
  };
};

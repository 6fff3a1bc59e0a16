import type { Clock } from '../kernel/clock.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import { digestOf } from './digestOf.ts';
import type { ControlLease, ControlStore } from './ports.ts';
import { type RecordFormat, type RecordReading, readRecord, writeRecord } from './rules/recordText.ts';

/** A control blob while this worker has its lease, with the fence and the store's clock. */
export interface LeasedRecord<R> {
  readonly lease: () => ControlLease;
  /** What the blob held when it was last read. */
  readonly reading: () => RecordReading<R>;
  /** The body behind `reading`, for moving it aside. */
  readonly body: () => string | undefined;
  /** The control store's clock, carried on by our monotonic one: shared by all workers, whatever their wall clocks say. */
  readonly storeNowEpochMs: () => number;
  /** Whether something that takes `durationMs` surely ends while the lease is ours, also after this machine slept. */
  readonly canStart: (durationMs: number) => boolean;
  readonly renew: () => Promise<{ ok: true } | StoreFailure>;
  readonly write: (record: R) => Promise<{ ok: true } | StoreFailure>;
  /** After the lease was lost or the blob changed: takes the lease again and reads anew. */
  readonly regain: () => Promise<{ ok: true; reading: RecordReading<R> } | StoreFailure>;
  readonly close: () => Promise<void>;
}

interface Ports {
  readonly control: ControlStore;
  readonly clock: Clock;
}

export interface LeaseTimings {
  /** 15 to 60. */
  readonly leaseSeconds: number;
  /** What is begun has to end so long before the lease does. */
  readonly fenceMarginMs: number;
}

interface ClockReading {
  readonly monotonicMs: number;
  readonly wallEpochMs: number;
}

const readClocks = (clock: Ports['clock']): ClockReading => ({
  monotonicMs: clock.monotonicMs(),
  wallEpochMs: clock.nowEpochMs(),
});

/**
 * How much time has passed at most. On Linux the monotonic clock stands still while a machine is suspended,
 * and only the wall clock tells; a wall clock that jumped ahead costs no more than another try.
 */
const progressMs = (from: ClockReading, to: ClockReading): number =>
  Math.max(to.monotonicMs - from.monotonicMs, to.wallEpochMs - from.wallEpochMs);

/** Takes the lease of a record and reads it. `held` when another worker has it. */
export const leaseRecord = async <R>(
  { control, clock }: Ports,
  id: string,
  timings: LeaseTimings,
  format: RecordFormat<R>,
): Promise<{ ok: true; leased: LeasedRecord<R> } | StoreFailure> => {
  // The lease counts from before the request: the store may have granted it at once and answered late.
  const asked = readClocks(clock);
  const opened = await control.acquire(id, timings.leaseSeconds);
  if (!opened.ok) return opened;
  let lease = opened.lease;
  let leaseStart = asked;
  let storeClock = { epochMs: opened.storeNowEpochMs, monotonicMs: asked.monotonicMs };
  let etag: string | undefined;
  let body: string | undefined;
  let reading: RecordReading<R> = { kind: 'none' };
  /** Bodies that are ours although nobody acknowledged them. */
  let unacknowledged: string[] = [];

  const seeStoreClock = (epochMs: number, monotonicMs: number) => {
    storeClock = { epochMs, monotonicMs };
  };

  const acquire = async (): Promise<{ ok: true } | StoreFailure> => {
    const askedAt = readClocks(clock);
    const acquired = await control.acquire(id, timings.leaseSeconds);
    if (!acquired.ok) return acquired;
    lease = acquired.lease;
    leaseStart = askedAt;
    seeStoreClock(acquired.storeNowEpochMs, askedAt.monotonicMs);
    return { ok: true };
  };

  const read = async (): Promise<{ ok: true; reading: RecordReading<R> } | StoreFailure> => {
    const found = await control.read(id);
    if (!found.ok) return found;
    ({ etag, body } = found.snapshot);
    unacknowledged = [];
    reading = readRecord(body, id, format, digestOf);
    return { ok: true, reading };
  };

  const renew = async (): Promise<{ ok: true } | StoreFailure> => {
    const askedAt = readClocks(clock);
    const renewed = await control.renew(lease);
    if (!renewed.ok) return renewed;
    leaseStart = askedAt;
    seeStoreClock(renewed.storeNowEpochMs, askedAt.monotonicMs);
    return { ok: true };
  };

  const put = async (text: string): Promise<{ ok: true } | StoreFailure> => {
    const written = await control.write(lease, text, etag);
    if (!written.ok) {
      if (written.mayHaveLanded) unacknowledged.push(text);
      return written;
    }
    etag = written.etag;
    body = text;
    unacknowledged = [];
    return { ok: true };
  };

  /** True when the blob holds a body of ours, acknowledged or not: then its ETag is taken over. */
  const isStillOurs = async (): Promise<boolean> => {
    const found = await control.read(id);
    if (!found.ok) return false;
    const current = found.snapshot.body;
    if (current !== body && (current === undefined || !unacknowledged.includes(current))) return false;
    body = current;
    ({ etag } = found.snapshot);
    return true;
  };

  const first = await read();
  if (!first.ok) {
    await control.release(lease);
    return first;
  }

  const leased: LeasedRecord<R> = {
    lease: () => lease,
    reading: () => reading,
    body: () => body,
    storeNowEpochMs: () => storeClock.epochMs + (clock.monotonicMs() - storeClock.monotonicMs),
    canStart: (durationMs) =>
      timings.leaseSeconds * 1000 - progressMs(leaseStart, readClocks(clock)) >=
      durationMs + timings.fenceMarginMs,
    renew,
    async write(record) {
      const text = writeRecord(record, digestOf);
      let written = await put(text);
      const uncertain =
        !written.ok &&
        (written.mayHaveLanded || (written.reason === 'conflict' && unacknowledged.length > 0));
      if (uncertain && (await isStillOurs())) written = body === text ? { ok: true } : await put(text);
      if (written.ok) reading = { kind: 'record', record };
      return written;
    },
    async regain() {
      const renewed = await renew();
      if (!renewed.ok) {
        const acquired = renewed.reason === 'lost' ? await acquire() : renewed;
        if (!acquired.ok) return acquired;
      }
      return read();
    },
    close: async () => void (await control.release(lease)),
  };
  return { ok: true, leased };
};

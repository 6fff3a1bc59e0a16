import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Schedule } from './schedule.ts';

/** What is known of a timer's past, as the host records it. Instants in epoch milliseconds. */
export interface ScheduleStatus {
  /** Absent when it never ran. */
  readonly lastEpochMs?: number;
  readonly nextEpochMs: number;
  readonly lastUpdatedEpochMs: number;
}

export interface ScheduleMonitor {
  read(functionName: string): ScheduleStatus | undefined;
  write(functionName: string, status: ScheduleStatus): void;
}

/** Remembers schedules in one file a timer, or in memory only when there is no folder. */
export const createScheduleMonitor = (folder: string | undefined): ScheduleMonitor => {
  const remembered = new Map<string, ScheduleStatus>();
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (name: string) =>
    folder === undefined ? undefined : join(folder, `${encodeURIComponent(name)}.json`);
  return {
    read(name) {
      const path = pathOf(name);
      return path === undefined ? remembered.get(name) : readStatus(path);
    },
    write(name, status) {
      const path = pathOf(name);
      if (path === undefined) return void remembered.set(name, status);
      writeFileSync(`${path}.new`, `${JSON.stringify(status)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
};

/** A file that cannot be read counts as none: the timer then starts afresh, as on a new machine. */
const readStatus = (path: string): ScheduleStatus | undefined => {
  try {
    const status: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isStatus(status) ? status : undefined;
  } catch {
    return undefined;
  }
};

const isStatus = (value: unknown): value is ScheduleStatus =>
  typeof value === 'object' &&
  value !== null &&
  'nextEpochMs' in value &&
  typeof value.nextEpochMs === 'number' &&
  'lastUpdatedEpochMs' in value &&
  typeof value.lastUpdatedEpochMs === 'number' &&
  (!('lastEpochMs' in value) || typeof value.lastEpochMs === 'number');

/**
 * What a timer's record should say when the host starts: past due when the recorded occurrence has gone
 * by unnoticed; recalculated, and not past due, when the schedule was changed meanwhile. A record that
 * was made later than now (the local clock can be moved forward for one run) counts as none.
 */
export const statusAtStart = (
  schedule: Schedule,
  found: ScheduleStatus | undefined,
  nowEpochMs: number,
): { status: ScheduleStatus; isPastDue: boolean } | undefined => {
  const recorded = found !== undefined && found.lastUpdatedEpochMs > nowEpochMs ? undefined : found;
  const reference = recorded?.lastEpochMs ?? recorded?.lastUpdatedEpochMs;
  const expected = reference === undefined ? undefined : schedule.nextAfter(reference);
  if (recorded !== undefined && expected === recorded.nextEpochMs)
    return { status: recorded, isPastDue: nowEpochMs > recorded.nextEpochMs };
  const nextEpochMs =
    expected !== undefined && expected >= nowEpochMs ? expected : schedule.nextAfter(nowEpochMs);
  if (nextEpochMs === undefined) return undefined;
  return { status: { nextEpochMs, lastUpdatedEpochMs: nowEpochMs }, isPastDue: false };
};

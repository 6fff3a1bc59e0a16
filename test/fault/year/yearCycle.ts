import { DAY_MS, HOUR_MS } from '../../../src/lib/kernel/time.ts';
import type { ControlRecord } from '../../../src/lib/refresh/rules/controlRecord.ts';
import { sealedSecretOf } from '../../fakes/refresh/fakeSealedSecretStore.ts';
import { worldNow } from '../../fakes/refresh/refreshWorld.ts';
import type { YearWorld } from './yearWorld.ts';

/** How far a year had come when it was in some state. */
interface Mark {
  readonly runMs: number;
  readonly requests: number;
  readonly versions: number;
  readonly told: number;
}

/** What came between two runs that left the same state, and comes again so many times. */
export interface Cycle {
  readonly from: Mark;
  readonly to: Mark;
  readonly times: number;
}

export const leftOutMs = ({ from, to, times }: Cycle): number => (to.runMs - from.runMs) * times;

/** Finds the run after which all begins again: of what follows then, only what is left of the last time is lived. */
export const cycleFinder = (world: YearWorld) => {
  const marks = new Map<string, Mark>();
  return (record: ControlRecord, runMs: number, told: number, endMs: number): Cycle | undefined => {
    const state = relativeState(world, record);
    const to = { runMs, requests: world.requestsMs.length, versions: world.vault.versions.length, told };
    const from = marks.get(state);
    marks.set(state, to);
    return from === undefined || from.told !== told
      ? undefined
      : { from, to, times: Math.ceil((endMs - runMs) / (runMs - from.runMs)) - 1 };
  };
};

/** Instants of a year, with those of the cycles that were left out. */
export const withCycle = (
  atMs: readonly number[],
  of: 'requests' | 'versions',
  cycle: Cycle | undefined,
): readonly number[] => {
  if (cycle === undefined) return atMs;
  const { from, to, times } = cycle;
  const once = atMs.slice(from[of], to[of]);
  return [
    ...atMs.slice(0, to[of]),
    ...Array.from({ length: times }, (_, index) =>
      once.map((ms) => ms + (index + 1) * (to.runMs - from.runMs)),
    ).flat(),
    ...atMs.slice(to[of]).map((ms) => ms + leftOutMs(cycle)),
  ];
};

const SINCE_CONSENT = /"(?:keywatch-consented-at|(?:consentedAt|issuedAt|created)EpochMs)":[^,}]+/g;
const INSTANT = /\b1[7-9]\d{11}\b/g;
const ISO_SECONDS = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;
const NAME = /"(?:[0-9a-f]{32}|v\d+|(?:sealed-\d+-)?id-\d+|CANARY-[^"]*|eyJ[^"]*)"/g;
const OVER = /("(?:deadline|expiresOn)EpochMs":-)\d+/g;
const COUNT_OF_FAILURES = /"(?:consecutive|days|lastDay)":[^,}]+/g;
const SEQ = /("(?:seq|nextSeq|reservedSeq|keywatch-seq)":"?)(\d+)/g;
const NUMBER = /("(?:number|made)":)(\d+)/g;

/** More refreshes than a day has. */
const LONG_AGO = 80;
/** Longer than a token without an end may be unused before people are told; nothing else asks for more. */
const LONG_AGO_MS = 61 * DAY_MS;

/**
 * All that decides how a year goes on whose case is steady, seen from now: instants as distances, names by the order
 * in which they come, numbers from the newest token on, unless they are long ago. Failures are not counted. Nobody
 * reads a version again that is switched off, nor asks for a token that is in no store: of what was copied into the
 * vault only the newest count.
 */
const relativeState = (world: YearWorld, record: ControlRecord): string => {
  const { control, vault, fallback, watchdog, telemetry, requestsMs } = world;
  const nowEpochMs = worldNow(world);
  const sealed = world.sealed && sealedSecretOf(world.sealed);
  const enabled = vault.versions.filter((version) => version.enabled);
  const sinceMs = [...watchdog.dueMs, ...requestsMs.slice(-3)].map((atMs) => atMs - world.elapsedMs);
  const newest = record.seq;
  const isEntered = sealed?.versions.some(({ number }) => number === sealed.enteredAt);
  const all = [
    record,
    sealed && { ...sealed, enteredAt: isEntered },
    enabled,
    enabled.map(({ value }) => world.server.accepts(value, world.elapsedMs)),
    [sinceMs, nowEpochMs % HOUR_MS],
    [control.lease, control.aside.length, fallback.items.length, telemetry.failures.length > 0],
  ];
  const since = (epochMs: number) => String(Math.max(epochMs - nowEpochMs, -LONG_AGO_MS));
  const names = new Map<string, number>();
  const nameOf = (name: string) => {
    if (!names.has(name)) names.set(name, names.size);
    return `"#${names.get(name)}"`;
  };
  return JSON.stringify(all, (key, value) => (key === 'known' ? value.slice(0, 2) : value))
    .replaceAll(SINCE_CONSENT, '')
    .replaceAll(COUNT_OF_FAILURES, '')
    .replaceAll(ISO_SECONDS, (iso) => since(Date.parse(iso)))
    .replaceAll(INSTANT, (epochMs) => since(Number(epochMs)))
    .replaceAll(OVER, '$1')
    .replaceAll(NAME, nameOf)
    .replaceAll(
      SEQ,
      (_, key: string, seq: string) => `${key}${Math.min(Math.max(Number(seq) - newest, -LONG_AGO), 1)}`,
    )
    .replaceAll(NUMBER, (_, key: string, number: string) => `${key}${Number(number) - (sealed?.made ?? 0)}`);
};

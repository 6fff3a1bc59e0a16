import { keysOf } from '../kernel/keysOf.ts';

interface ModeRow {
  readonly meaning: string;
  /** What it looks at: all of one target, one object, or no credential at all. */
  readonly looksAt: 'target' | 'object' | 'none';
  /** Whether whatever it sees is reported, with its findings, and not only what needs action. */
  readonly reportsAll: boolean;
}

/** How a run goes about its job. Telemetry, types and the messages of the scan queue derive from it. */
export const RUN_MODES = {
  attention: { meaning: 'events for what needs action', looksAt: 'target', reportsAll: false },
  full: { meaning: 'events for every credential and finding', looksAt: 'target', reportsAll: true },
  object: { meaning: 'one object after an Event Grid event', looksAt: 'object', reportsAll: true },
  timer: { meaning: 'a timer decided what is due', looksAt: 'none', reportsAll: false },
} as const satisfies Readonly<Record<string, ModeRow>>;

export type RunMode = keyof typeof RUN_MODES;

type ModeLookingAt<What> = {
  [M in RunMode]: (typeof RUN_MODES)[M]['looksAt'] extends What ? M : never;
}[RunMode];

/** Of a scan of one target. */
export type ScanMode = ModeLookingAt<'target'>;

/** Of whatever sees credentials. */
export type SightMode = ModeLookingAt<'target' | 'object'>;

export const ALL_RUN_MODES = keysOf(RUN_MODES);

export const SCAN_MODES = ALL_RUN_MODES.filter(
  (mode): mode is ScanMode => RUN_MODES[mode].looksAt === 'target',
);

export const SIGHT_MODES = ALL_RUN_MODES.filter(
  (mode): mode is SightMode => RUN_MODES[mode].looksAt !== 'none',
);

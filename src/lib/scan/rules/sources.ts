import type { Threshold, ThresholdPair } from './threshold.ts';

/** What somebody may say of a credential: its tags, a rule, a grant, a vault of the config, or nobody. */
export interface Said {
  readonly owner?: string | undefined;
  /** Time before the end from which on it is `warning`: a ticket. */
  readonly warning?: Threshold | undefined;
  /** Time before the end from which on it is `critical`: an alert at once. */
  readonly critical?: Threshold | undefined;
  /** For how many days after its end a credential that is still enabled alerts at once. */
  readonly endedLongAgoDays?: number | undefined;
  /** How long before the end something else renews it, without anybody doing something. */
  readonly renews?: Threshold | undefined;
  /** Whether a missing end asks for attention, or is fine; absent: it is a finding. */
  readonly mustExpire?: boolean | undefined;
  readonly runbook?: string | undefined;
  /** Hosts that it is used at: a label for alerts, never where anything is sent. */
  readonly targets?: readonly string[] | undefined;
  readonly snoozeUntilEpochMs?: number | undefined;
  /** Infinity for good. */
  readonly ignoreUntilEpochMs?: number | undefined;
}

/** One that says something of a credential. */
export interface Source {
  /** How people find it: `tag`, `rules[2]`, `grant crm-bookings`, `vault`, `defaults`. */
  readonly origin: string;
  /**
   * Whether it was written for this credential alone, for a group of them, or for a whole vault and more. Thresholds
   * for one are taken as they stand; others take a share of a short life.
   */
  readonly scope: 'one' | 'group' | 'vault';
  readonly says: Said;
  /** Why it silences what it silences. */
  readonly reason?: string | undefined;
}

/** The origin of what an object's own tags say. */
export const TAG = 'tag';

/**
 * What holds where nobody says otherwise: of a 90-day life one third and one ninth; and nothing that is in use lies
 * broken for two weeks without anybody having noticed.
 */
export const BUILT_IN: Source & { readonly says: ThresholdPair } = {
  origin: 'built-in',
  scope: 'vault',
  says: { warning: { days: 30 }, critical: { days: 10 }, endedLongAgoDays: 14 },
};

/** The first of the sources, most exact first, that says a thing; what is built in where none does. */
export const firstSaying = (sources: readonly Source[], member: keyof Said): Source => {
  for (const source of sources) if (source.says[member] !== undefined) return source;
  return BUILT_IN;
};

import type { TableRow } from 'kql-on-duckdb';
import type { Emitter } from './emitter.ts';

/** What happened, and which alerts must be open then. Every rule that is not named must be quiet. */
export interface Scenario {
  readonly name: string;
  readonly happened: (emit: Emitter) => void;
  /** What Entra ID wrote to the workspace: no telemetry of Keywatch. */
  readonly signIns?: readonly TableRow[];
  /**
   * By rule: one entry per alert, with the dimensions that matter. The digest need not be named: it must repeat, by
   * owner, what the others of a credential or grant say.
   */
  readonly fires: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
  /** By rule: what its rows, as JSON, say beyond the dimensions. */
  readonly says?: Readonly<Record<string, RegExp>>;
  /** Rules that this comes close to, and that must stay quiet: each rule has such a scenario. */
  readonly spares?: readonly string[];
  /** Leaves out the heartbeats that every other scenario has. */
  readonly silent?: true;
}

/** When every scenario is: the alert rules are evaluated then. */
export const NOW = Date.parse('2026-11-22T12:00:00Z');

/** Minutes: the unit in which a scenario says how long ago something happened. */
export const hour = 60;
export const day = 24 * hour;

/** The instant so many days from {@link NOW}. */
export const inDays = (days: number): number => NOW + days * day * 60_000;

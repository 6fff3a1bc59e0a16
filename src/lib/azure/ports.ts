import type { Failure } from '../kernel/failure.ts';
import type { AzureErrorReason } from './azureErrorReason.ts';

/** Rows by column name: datetimes are epoch milliseconds, dynamic values parsed JSON, everything else as it is. */
export type LogsRow = Readonly<Record<string, unknown>>;

export interface LogsColumn {
  readonly name: string;
  /** KQL type: `string`, `long`, `datetime` … */
  readonly type: string;
}

/** Why a query gave no answer, as a stable code. */
export type LogsFailureReason =
  | AzureErrorReason
  /** The query asks for a table that is not there. */
  | 'table_absent'
  /** The query itself is at fault, asks for a column that is not there, or for a table whose plan takes no such query. */
  | 'invalid_query'
  /** Only a part of the data was looked at, and it holds no row: that is no "nothing found". */
  | 'partial';

export interface LogsFailure extends Failure<LogsFailureReason> {
  /** True when no other query would fare better, so that asking on is a waste. */
  readonly concernsAll: boolean;
}

export type LogsAnswer =
  | {
      readonly ok: true;
      readonly columns: readonly LogsColumn[];
      readonly rows: readonly LogsRow[];
      /** One sentence where rows are missing (a limit was reached, a part failed); else absent. */
      readonly incomplete?: string;
    }
  | LogsFailure;

/** A Log Analytics workspace, or what stands in for one. */
export interface LogsQuery {
  /**
   * Runs a KQL query over what was logged within the time span that ends now. There is no paging: what
   * exceeds the limits of the service is left out, and `incomplete` says so. Never rejects.
   * @param timespan ISO 8601 duration, `PT1H` or `P2D`
   */
  run(kql: string, timespan: string, signal?: AbortSignal): Promise<LogsAnswer>;
}

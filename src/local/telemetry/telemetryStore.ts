import { type KqlDatabase, kqlDatabase } from 'kql-on-duckdb';
import type { Envelope } from './envelope.ts';
import { envelopeToRows } from './envelopeToRow.ts';
import { translatedQuery } from './translatedQueries.ts';
import { workspaceTables } from './workspaceTables.ts';

/** A Log Analytics workspace in memory: the official tables, filled with what the SDK emitted, queried with KQL. */
export interface TelemetryStore extends KqlDatabase {
  /** Adds captured telemetry items. Throws for an item of an unknown kind. */
  readonly insertEnvelopes: (envelopes: readonly Envelope[]) => Promise<void>;
}

/** Opens an empty store over the workspace tables. */
export const telemetryStore = async (): Promise<TelemetryStore> => {
  const database = await kqlDatabase(workspaceTables, { translated: translatedQuery });
  return {
    ...database,
    insertEnvelopes: (envelopes) => database.insertRows(envelopes.flatMap(envelopeToRows)),
  };
};

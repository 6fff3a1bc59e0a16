import { kqlLanguage } from 'kql-on-duckdb/language';
import { translate } from 'kql-on-duckdb/translate';
import { lastEventsQueries } from '../src/cli/report/lastEvents.ts';
import { alertQuery, alertRules } from '../src/lib/alerts/alertRules.ts';
import { queryHash } from '../src/local/telemetry/translatedQueries.ts';
import { workspaceTables } from '../src/local/telemetry/workspaceTables.ts';

/** What `npm start` asks the workspace. */
export const queriesOfStart = (): readonly string[] => [
  ...alertRules.map(({ name }) => alertQuery(name)),
  ...lastEventsQueries,
];

/** Queries as SQL, a line each. */
export const translatedQueries = (queries = queriesOfStart()): string => {
  const bind = kqlLanguage(workspaceTables);
  const lines = queries.map(
    (kql) => `${JSON.stringify(queryHash(kql))}: ${JSON.stringify(translate(bind(kql)))}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
};

import { kqlLanguage } from 'kql-on-duckdb/language';
import { translate } from 'kql-on-duckdb/translate';
import { lastEventsQueries } from '../src/cli/report/lastEvents.ts';
import { alertQuery, alertRules } from '../src/lib/alerts/alertRules.ts';
import { queryHash } from '../src/local/telemetry/translatedQueries.ts';
import { workspaceTables } from '../src/local/telemetry/workspaceTables.ts';

/** Every query of `npm start` as SQL, a line each. */
export const translatedQueries = (): string => {
  const bind = kqlLanguage(workspaceTables);
  const lines = [...alertRules.map(({ name }) => alertQuery(name)), ...lastEventsQueries].map(
    (kql) => `${JSON.stringify(queryHash(kql))}: ${JSON.stringify(translate(bind(kql)))}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
};

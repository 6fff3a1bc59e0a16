import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryHead } from '../src/lib/alerts/alertRules.ts';

/** A saved function of the workspace: what `infra/kql/functions.json` says and Bicep deploys. */
interface QueryFunction {
  readonly name: string;
  /** Files of `infra/kql`, in this order. */
  readonly heads: readonly string[];
  /** Which of their tables it gives. */
  readonly rows: string;
  readonly meaning: string;
}

export const queryFunctions: readonly QueryFunction[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../infra/kql/functions.json'), 'utf8'),
);

/** Its text, in which the parameters `since` and `OwnDeployment` are free: that of the alert rules, but for the span. */
export const functionText = ({ heads, rows }: QueryFunction): string =>
  `${heads.map(queryHead).join('').replaceAll('ago(2d)', 'ago(since)')}${rows}`;

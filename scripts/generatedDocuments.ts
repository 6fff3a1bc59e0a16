import * as z from 'zod';
import { statusSchema } from '../src/lib/board/rules/status.ts';
import { TRANSLATED_QUERIES } from '../src/local/telemetry/translatedQueries.ts';
import { alertRulesTemplate } from './alertRulesTemplate.ts';
import { alertsDocument, digestRunbook } from './alertsDocument.ts';
import { callerRefusalsDocument } from './callerRefusalsDocument.ts';
import { configurationDocument } from './configurationDocument.ts';
import { configurationSchema } from './configurationSchema.ts';
import { entraRefusalsQuery } from './entraRefusals.ts';
import { findingsDocument } from './findingsDocument.ts';
import { functionsIndex } from './functionsIndex.ts';
import { jobsQuery } from './jobsQuery.ts';
import { providersDocument } from './providersDocument.ts';
import { repeatedQuery } from './repeatedQuery.ts';
import { sampleSettings } from './sampleSettings.ts';
import { telemetryDocument } from './telemetryDocument.ts';
import { translatedQueries } from './translatedQueries.ts';
import { workbookDocument } from './workbookDocument.ts';

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** What makes the text of each file that is made from code, by its path. A later one may read what an earlier one wrote. */
export const generatedDocuments: Readonly<Record<string, () => string>> = {
  'docs/alerts.md': alertsDocument,
  'docs/caller-refusals.md': callerRefusalsDocument,
  'docs/findings.md': findingsDocument,
  'docs/providers.md': providersDocument,
  'docs/telemetry.md': telemetryDocument,
  'docs/configuration.md': configurationDocument,
  'docs/status.schema.json': () => json(z.toJSONSchema(statusSchema)),
  'keywatch.config.schema.json': () => json(configurationSchema()),
  'local.settings.sample.json': () => json(sampleSettings()),
  'src/functions/index.ts': functionsIndex,
  'infra/kql/entra-refusals.kql': entraRefusalsQuery,
  'infra/kql/jobs.kql': jobsQuery,
  'infra/kql/repeated.kql': repeatedQuery,
  'infra/alerts/digest/runbook.md': digestRunbook,
  'infra/alerts/rules.bicep': alertRulesTemplate,
  'infra/workbook/workbook.json': () => json(workbookDocument()),
  [TRANSLATED_QUERIES]: () => translatedQueries(),
};

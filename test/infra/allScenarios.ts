import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const RULES = join(import.meta.dirname, '../../infra/alerts');

const ofRules = await Promise.all(
  globSync('*/scenarios*.ts', { cwd: RULES })
    .sort()
    .map(
      (file): Promise<{ scenarios: readonly Scenario[] }> => import(pathToFileURL(join(RULES, file)).href),
    ),
);

/** Every scenario that the alert rules are proven on: those in the folders of the rules, and those of several. */
export const ALL_SCENARIOS: readonly Scenario[] = [...ofRules.flatMap((one) => one.scenarios), ...scenarios];

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { alertRules } from '../../src/lib/alerts/alertRules.ts';
import type { Crowd } from './crowd.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const RULES = join(import.meta.dirname, '../../infra/alerts');

interface OfRule {
  readonly scenarios: readonly Scenario[];
  readonly crowd?: Crowd;
}

const files = globSync('*/scenarios*.ts', { cwd: RULES }).sort();
const ofRules = await Promise.all(
  files.map((file): Promise<OfRule> => import(pathToFileURL(join(RULES, file)).href)),
);

/** Every scenario that the alert rules are proven on: those in the folders of the rules, and those of several. */
export const ALL_SCENARIOS: readonly Scenario[] = [...ofRules.flatMap((one) => one.scenarios), ...scenarios];

/** By rule: what makes it fire for many things at once; undefined where its folder does not say. */
export const CROWDS = alertRules.map(
  ({ name }) => [name, ofRules[files.indexOf(join(name, 'scenarios.ts'))]?.crowd] as const,
);

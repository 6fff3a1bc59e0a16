import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { alertRules } from '../src/lib/alerts/alertRules.ts';

const SHARED = join(import.meta.dirname, '../infra/kql');

const rule = (name: string): string => `  {
    name: '${name}'
    settings: loadJsonContent('${name}/rule.json')
    query: loadTextContent('${name}/query.kql')
  }`;

const head = (file: string): string => {
  const name = file.slice(0, -'.kql'.length);
  return `  ${name.includes('-') ? `'${name}'` : name}: loadTextContent('../kql/${file}')`;
};

/**
 * infra/alerts/rules.bicep: every folder of infra/alerts and every shared beginning of infra/kql. Bicep loads only by
 * literal paths, so the list that the folders are has to be written out.
 */
export const alertRulesTemplate =
  (): string => `// Made by \`npm run docs\` from the folders beside it and from infra/kql: do not edit.

@export()
@description('Every alert rule, most severe first.')
var alertRules = [
${alertRules.map(({ name }) => rule(name)).join('\n')}
]

@export()
@description('What several queries begin with, by name.')
var queryHeads = {
${readdirSync(SHARED)
  .filter((file) => file.endsWith('.kql'))
  .sort()
  .map(head)
  .join('\n')}
}
`;

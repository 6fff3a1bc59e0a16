import { type AlertRule, alertRules, headPath } from '../src/lib/alerts/alertRules.ts';

const MOST_COLUMNS = 120;

/** As `bicep format` leaves it: in one line where it fits. */
const headsOf = (names: readonly string[]): string => {
  const items = names.map((name) => `'${name}'`);
  const line = `    heads: [${items.join(', ')}]`;
  return line.length <= MOST_COLUMNS ? line : `    heads: [\n      ${items.join('\n      ')}\n    ]`;
};

const rule = ({ name, heads }: AlertRule): string => `  {
    name: '${name}'
${headsOf(heads)}
    settings: loadJsonContent('${name}/rule.json')
    query: loadTextContent('${name}/query.kql')
  }`;

const part = (name: string, path: string): string =>
  `  ${name.includes('-') ? `'${name}'` : name}: loadTextContent('../${path}')`;

const parts = (names: readonly string[], pathOf: (name: string) => string): string =>
  [...new Set(names)]
    .sort()
    .map((name) => part(name, pathOf(name)))
    .join('\n');

/**
 * infra/alerts/rules.bicep: every folder of infra/alerts, and what its query is put together from. Bicep loads only by
 * literal paths, so the list that the folders are has to be written out.
 */
export const alertRulesTemplate =
  (): string => `// Made by \`npm run docs\` from the folders beside it and from infra/kql: do not edit.

@export()
@description('Every alert rule, most severe first.')
var alertRules = [
${alertRules.map(rule).join('\n')}
]

@export()
@description('What stands before queries, by name.')
var queryHeads = {
${parts(
  alertRules.flatMap(({ heads }) => heads),
  headPath,
)}
}

@export()
@description('What stands after queries, by name.')
var queryTails = {
${parts(
  alertRules.flatMap(({ tails }) => tails),
  (name) => `kql/tails/${name}.kql`,
)}
}
`;

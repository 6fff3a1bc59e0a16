import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { functionText, queryFunctions } from '../../scripts/queryFunctions.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { event } from './crowd.ts';
import { day, NOW } from './scenario.ts';
import { firstOf, type Template, templateText } from './template.ts';

const { body, template } = firstOf(
  JSON.parse(templateText()) as Template,
  'Microsoft.OperationalInsights/workspaces/savedSearches',
);
const parameters: string = template.variables?.['parameters'];

const reported = (name: string, properties: object) =>
  event(name, 4.9 * day, { vault: 'kv-a', runId: 's', mode: 'full', ...properties });

const store = await telemetryStore();
await store.insertRows(
  ['prod', 'dev'].flatMap((deployment) => [
    reported('run.completed', { deployment, job: 'keyvault-scan', outcome: 'complete' }),
    reported('credential.observed', { deployment, credentialId: 'kv-a/secret/crm', status: 'valid' }),
    reported('finding.observed', { deployment, credentialId: 'kv-a/secret/crm', finding: 'unowned' }),
    reported('grant.refreshed', { deployment, credentialId: 'grant/crm', outcome: 'refreshed' }),
    reported('credential.proved', {
      ...{ deployment, credentialId: 'client/crm', outcome: 'proven', class: 'ok' },
    }),
  ]),
);
afterAll(() => store.close());

/** The deployments of what a call gives, as Kusto sees it: the parameters have the values that it gives. */
const call = async (one: (typeof queryFunctions)[number], since: string, deployment = '') => {
  const given = `let since = ${since};\nlet OwnDeployment = "${deployment}";\n`;
  const { rows } = await store.query(given + functionText(one), NOW);
  return rows.map(({ Deployment }) => Deployment).sort();
};

/** A function as a statement of a query, so that the language service knows what a call of it gives. */
const declared = (one: (typeof queryFunctions)[number]): string =>
  `let ${one.name} = (${parameters}) {\n${functionText(one)}\n};\n`;

describe.each(queryFunctions.map((one) => [one.name, one] as const))('the function %s', (name, one) => {
  const tags = name === 'KeywatchGrants' ? [] : ['exhaustive'];
  it('looks as far back as it is asked to', { tags }, async () => {
    expect([await call(one, '2d'), await call(one, '7d')]).toEqual([[], ['dev', 'prod']]);
  });

  it('gives what one deployment reported, where it is asked for one', async () => {
    expect(await call(one, '7d', 'prod')).toEqual(['prod']);
  });

  it('can be called with both parameters, one, or none, and with no third', { tags }, () => {
    const calls = `let A = ${name}(); let B = ${name}(7d); let C = ${name}(7d, "prod");\n${name}(since = 7d);\n`;
    const { text, diagnostics } = store.bind(`${declared(one)}${calls}${name}(7d, "prod", "dev")`);
    expect(diagnostics.map(({ start }) => text.slice(start))).toEqual([`${name}(7d, "prod", "dev")`]);
  });
});

describe('the functions in Bicep', () => {
  it('are those of the file, and replace what is there', () => {
    expect(body.etag).toBe('*');
    expect(body.properties.functionParameters).toBe("[variables('parameters')]");
    const loaded = Object.values(template.variables ?? {});
    expect(loaded).toContainEqual(queryFunctions);
  });

  it('look back by the parameter and by nothing else that a call could not change', () => {
    for (const one of queryFunctions)
      expect(functionText(one).match(/ago\([^)]*\)/g)).toEqual(one.heads.flatMap(() => ['ago(since)']));
  });
});

it('what the page tells people to type are calls that bind', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8');
  const examples = [...page.matchAll(/```kusto\n([\s\S]*?)```/g)].map(([, kql = '']) => kql);
  expect(examples.length).toBeGreaterThan(2);
  for (const kql of examples) {
    const named = queryFunctions.filter(({ name }) => kql.includes(name));
    expect([kql, store.bind(named.map(declared).join('') + kql).diagnostics]).toEqual([kql, []]);
  }
});

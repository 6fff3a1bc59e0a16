import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Action {
  readonly type: string;
  readonly runAfter: Readonly<Record<string, readonly string[]>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly runtimeConfiguration?: { readonly secureData: { readonly properties: readonly string[] } };
}

const text = readFileSync(join(import.meta.dirname, '../../../samples/logic-app.json'), 'utf8');
const workflow: {
  $schema: string;
  parameters: Readonly<Record<string, { type: string }>>;
  triggers: Readonly<Record<string, { type: string }>>;
  actions: Readonly<Record<string, Action>>;
} = JSON.parse(text);
const namesIn = (call: string) =>
  [...text.matchAll(new RegExp(`${call}\\('(\\w+)'\\)`, 'g'))].map(([, name]) => name);

/** @see https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language */
describe('the workflow of Logic Apps', () => {
  it('has the members of a workflow definition, with one trigger', () => {
    expect(workflow.$schema).toMatch(/Microsoft\.Logic\/schemas\/2016-06-01\/workflowdefinition\.json#$/);
    expect(Object.keys(workflow)).toEqual([
      ...['$schema', 'contentVersion', 'parameters', 'triggers', 'actions', 'outputs'],
    ]);
    expect(Object.values(workflow.triggers)).toEqual([expect.objectContaining({ type: 'Recurrence' })]);
  });

  it('runs each action after one that is there, and uses no parameter or action that is not', () => {
    const actions = Object.keys(workflow.actions);
    const after = Object.values(workflow.actions).flatMap(({ runAfter }) => Object.entries(runAfter));
    expect(after).toEqual([['Get_access_token', ['Succeeded']]]);
    expect(actions).toEqual(expect.arrayContaining([...after.map(([name]) => name), ...namesIn('body')]));
    expect([...new Set(namesIn('parameters'))].sort()).toEqual(Object.keys(workflow.parameters).sort());
  });

  it('asks Keywatch with its own identity, and waits where there is no token yet', () => {
    expect(workflow.actions['Get_access_token']).toMatchObject({
      type: 'Http',
      inputs: {
        method: 'POST',
        uri: "@{parameters('keywatch')}/api/grants/@{parameters('grant')}/token",
        authentication: { type: 'ManagedServiceIdentity', audience: "@parameters('clientId')" },
        retryPolicy: { type: 'exponential' },
      },
    });
  });

  it('keeps the token out of the run history wherever it passes', () => {
    const kept = (name: string) => workflow.actions[name]?.runtimeConfiguration?.secureData.properties;
    expect(kept('Get_access_token')).toContain('outputs');
    expect(kept('Call_partner')).toContain('inputs');
  });
});

import { describe, expect, it } from 'vitest';
import { infraTexts } from './bicep/infraTexts.ts';
import type { Expression, Module } from './bicep/model.ts';
import { fileAt, readProject } from './bicep/project.ts';

const project = readProject(infraTexts());
const telling = fileAt(project, 'infra/modules/telling.bicep');

const at = (expression: Expression | undefined, name: string): Expression | undefined =>
  expression?.kind === 'object'
    ? expression.properties.find((property) => property.name === name)?.value
    : undefined;
const withoutLines = (expression: Expression | undefined): string =>
  JSON.stringify(expression, (key, value) => (key === 'line' ? undefined : value));
const workspaceOf = ({ body }: Module): string =>
  withoutLines(at(at(body, 'params'), 'workspaceId')) ?? '(none)';
const calling = (path: string): Module[] => telling?.modules.filter((module) => module.path === path) ?? [];

// Azure compares the scope of an alert processing rule with what an alert fired on: the workspace, not the alert rule.
describe('the maintenance window', () => {
  it('lies on the workspace that it is given, and on nothing wider', () => {
    const file = fileAt(project, 'infra/modules/maintenanceWindow.bicep');
    const rule = file?.resources.find(({ type }) => type === 'Microsoft.AlertsManagement/actionRules');
    const scopes = at(at(rule?.body, 'properties'), 'scopes');
    const items = scopes?.kind === 'array' ? scopes.items : [];
    expect(items.map(withoutLines)).toEqual([withoutLines({ kind: 'name', name: 'workspaceId', line: 0 })]);
  });

  it('is made for each workspace that alert rules read', () => {
    expect(calling('alerts.bicep')).toHaveLength(3);
    expect(calling('workspaceMaintenance.bicep').map(workspaceOf)).toEqual(
      calling('alerts.bicep').map(workspaceOf),
    );
  });

  it('stands beside that workspace: the service takes no scope in another subscription', () => {
    const file = fileAt(project, 'infra/modules/workspaceMaintenance.bicep');
    const parts = file?.variables.find(({ name }) => name === 'workspace')?.value;
    const name = (of: string) => ({ kind: 'name', name: of });
    const part = (value: number) => ({ kind: 'index', object: name('workspace'), index: { value } });
    expect(parts).toMatchObject({ kind: 'call', name: 'split', args: [name('workspaceId'), { value: '/' }] });
    expect(at(file?.modules[0]?.body, 'scope')).toMatchObject({
      kind: 'call',
      name: 'resourceGroup',
      args: [part(2), part(4)],
    });
  });
});

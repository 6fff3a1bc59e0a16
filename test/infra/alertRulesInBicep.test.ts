import { describe, expect, it } from 'vitest';
import { alertQuery, alertRules } from '../../src/lib/alerts/alertRules.ts';
import { durationMinutes } from './ruleFaults.ts';
import { expression, firstOf, modulesOf, resourcesOf, type Template, templateText } from './template.ts';

const template: Template = JSON.parse(templateText());
const { body, template: alerts } = firstOf(template, 'Microsoft.Insights/scheduledQueryRules');
const { variables = {} } = alerts;

/** What stands in the place of a reference to a variable, such as the text of a file that Bicep loaded. */
const loaded = (reference: string) => variables[/^\[variables\('([^']+)'\)\]$/.exec(reference)?.[1] ?? ''];

describe('the alert rules in Bicep', () => {
  const names = alertRules.map(({ name }) => name);
  const deployed: { name: string; heads: string[]; settings: string; query: string }[] =
    variables['alertRules'];
  const heads: Record<string, string> = variables['queryHeads'];
  const tails: Record<string, string> = variables['queryTails'];

  it('are the folders, with the settings and the query that "npm run alerts" evaluates', () => {
    const found = deployed.map(({ name, settings, heads: before }) => ({
      name,
      ...loaded(settings),
      heads: before,
    }));
    expect(found).toEqual(alertRules.map(({ runbook, ...rule }) => rule));
    for (const { name, query } of deployed) {
      const own = alertRules.find((rule) => rule.name === name);
      const before = own?.heads.map((head) => heads[head] ?? '') ?? [];
      const after = own?.tails.map((tail) => tails[tail] ?? '') ?? [];
      expect([...before, query, ...after].map(loaded).join('')).toBe(alertQuery(name));
    }
  });

  it('put each setting where the file of settings has its default', () => {
    for (const usual of ['OwnDeployment = ""', 'WatchedRoles = dynamic([])']) {
      expect(loaded(heads['settings'] ?? '')).toContain(`let ${usual};`);
      expect(variables['heads']).toContain(`'${usual}', variables('`);
    }
    expect(expression(variables['deploymentSetting'], alerts)).toBe(
      `format('OwnDeployment = "{0}"', toLower({common}.functionAppName))`,
    );
  });

  it('switch on by an option nothing but what it is for, whatever a rule.json switches off', () => {
    expect(expression(variables['switchedOn'], alerts)).toBe(
      "concat(if(coalesce(tryGet({common}.options, 'alertPerWarning'), false()), createArray('credential-expiring'), createArray()), if(coalesce(tryGet({common}.options, 'signInLogs'), false()), createArray('entra-secret-refused', 'entra-old-secret-used'), createArray()))",
    );
    expect(body.properties.enabled).toMatch(
      /^\[or\(.*\.enabled, contains\(variables\('switchedOn'\), .*\.name\)\)\]$/,
    );
  });

  it('link to the runbook in the folder of the rule, and an alert that is no rule to one that is there', () => {
    const path =
      /'\{0\}infra\/alerts\/\{1\}\/runbook\.md', parameters\('common'\)\.runbookBaseUrl, .*\.name\)\]$/;
    expect(body.properties.actions.customProperties.runbook).toMatch(path);
    const linked = [...templateText().matchAll(/infra\/alerts\/([\w-]+)\/runbook\.md/g)].map(
      ([, name]) => name,
    );
    expect(linked.length).toBeGreaterThan(0);
    expect(linked.filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });

  it('run as their settings say', () => {
    for (const name of ['severity', 'windowSize', 'autoMitigate'])
      expect(body.properties[name]).toMatch(
        new RegExp(`^\\[variables\\('rules'\\)\\[copyIndex\\(\\)\\]\\.settings\\.${name}\\]$`),
      );
    // Rows are stamped now(): they lie in the newest period, so more than one could never fail.
    expect(body.properties.criteria.allOf[0].failingPeriods).toEqual({
      numberOfEvaluationPeriods: 1,
      minFailingPeriodsToAlert: 1,
    });
    // A mute as long as the pause between two evaluations would mute every second one.
    expect(body.properties).not.toHaveProperty('muteActionsDuration');
    expect(body.copy.count).toBe("[length(variables('rules'))]");
  });

  it('watch the 401s of others with rules that exist, so often that what arrives late is seen too', () => {
    const LATE_MINUTES = 5;
    const watching = modulesOf(template).filter(({ symbol }) => /^of(Components|Workspaces)$/.test(symbol));
    expect(watching).toHaveLength(2);
    for (const { body: module, template: alerting } of watching) {
      const { ruleNames, evaluationFrequency } = module.properties.parameters;
      expect(evaluationFrequency.value).toBe("[variables('unauthorizedFrequency')]");
      expect(ruleNames.value).toBe("[variables('unauthorizedRules')]");
      const every = durationMinutes(alerting.variables?.['unauthorizedFrequency']);
      const watched: readonly string[] = alerting.variables?.['unauthorizedRules'];
      const windows = alertRules.filter(({ name }) => watched.includes(name)).map((rule) => rule.windowSize);
      expect(windows).toHaveLength(2);
      for (const window of windows)
        expect(durationMinutes(window) - every).toBeGreaterThanOrEqual(LATE_MINUTES);
    }
  });
});

// Azure compares the scope of an alert processing rule with what an alert fired on: the workspace, not the alert rule.
describe('the maintenance window', () => {
  const windows = resourcesOf(template).filter(
    ({ type }) => type === 'Microsoft.AlertsManagement/actionRules',
  );

  it('lies on the workspace that it is given, and on nothing wider', () => {
    for (const { body: window } of windows)
      expect(window.properties.scopes).toEqual(["[parameters('workspaceId')]"]);
  });

  it('is made for each workspace that alert rules read', () => {
    const beside = (symbol: string) =>
      modulesOf(template)
        .filter((module) => module.symbol === symbol)
        .map(({ module, body: { properties } }) => [module, properties.parameters.workspaceId.value]);
    expect(beside('alerts')).toHaveLength(3);
    expect(beside('quiet')).toEqual(beside('alerts'));
    expect(windows).toHaveLength(3);
  });

  it('stands beside that workspace: the service takes no scope in another subscription', () => {
    for (const { body: module, template: within } of modulesOf(template).filter(
      ({ symbol }) => symbol === 'quiet',
    )) {
      expect(module.properties.parameters.workspaceId.value).toBe("[parameters('workspaceId')]");
      expect(expression(module.subscriptionId, within)).toBe("split({workspaceId}, '/')[2]");
      expect(expression(module.resourceGroup, within)).toBe("split({workspaceId}, '/')[4]");
    }
  });
});

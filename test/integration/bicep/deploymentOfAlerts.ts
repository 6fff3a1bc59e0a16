import { describe, expect, it } from 'vitest';
import type { Predicted } from '../../../scripts/bicep/bicepCompiler.ts';
import { findBicep } from '../../../scripts/bicep/findBicep.ts';
import { functionText, queryFunctions } from '../../../scripts/queryFunctions.ts';
import { alertQuery, alertRules } from '../../../src/lib/alerts/alertRules.ts';
import { type Params, REPORTED } from './params.ts';
import { lastOf, OTHERS, ofType, one, startDeployments, withoutSuffix } from './predictions.ts';

const bicep = findBicep(process.env);

const WORKSPACE = `${OTHERS}/Microsoft.OperationalInsights/workspaces/log-others`;
const PAGER = `${OTHERS}/Microsoft.Insights/actionGroups/ag-pager`;
const phone = { name: 'phone', countryCode: '43', phoneNumber: '6641234567' };
const watchedWorkspaces = [{ resourceId: WORKSPACE, location: 'westus' }];
/** In a workspace of somebody else, and another one watched. */
const ELSEWHERE: Params = {
  existingWorkspaceResourceId: WORKSPACE.replace('others', 'platform'),
  watchedWorkspaces,
};
const SIGN_INS: Params = { watchedRoles: ['shop', 'crm'], signInLogs: true };
/** What is off by default, none of which has to do with another: each deployment that is worked out takes a moment. */
const WANTED: Params = {
  runbookBaseUrl: 'https://example.com/',
  maintenance: { timeZone: 'UTC', daysOfWeek: ['Sunday'] },
  checkWorkspaceAlertsStorageConfigured: true,
  healthTest: true,
};

describe.skipIf(bicep === undefined)('a deployment', () => {
  const deploy = startDeployments(bicep ?? '');
  const rulesOf = (resources: Predicted[]) => ofType(resources, 'Microsoft.Insights/scheduledQueryRules');

  describe('of the alert rules', () => {
    it('lets each read logs with the identity for that, and gives that identity nothing else', async () => {
      const resources = await deploy(ELSEWHERE);
      const identity = one(resources, 'Microsoft.ManagedIdentity/userAssignedIdentities', 'alerts').id;
      const rules = rulesOf(resources);
      expect(rules.length).toBeGreaterThan(10);
      for (const rule of rules)
        expect(rule.identity, rule.name).toEqual({
          type: 'UserAssigned',
          userAssignedIdentities: { [identity]: {} },
        });
      const roles = ofType(resources, 'Microsoft.Authorization/roleAssignments').filter(({ properties }) =>
        /alerts(-\w{13}|PrincipalId)/.test(properties.principalId),
      );
      expect(roles.map(({ properties }) => lastOf(properties.roleDefinitionId))).toEqual(
        Array(2).fill('73c42c96-874c-492b-b04d-ab87d138a893'),
      );
      // Each where its workspace is, and on nothing wider.
      for (const { id } of roles)
        expect(id).toMatch(
          /rg-(others|platform)\b.*Microsoft\.OperationalInsights\/workspaces.*log-(others|platform)/,
        );
    });

    it('leaves that role to the owners of the workspaces where they want to give it themselves', async () => {
      const resources = await deploy({ assignLogReader: false, watchedWorkspaces });
      expect(JSON.stringify(ofType(resources, 'Microsoft.Authorization/roleAssignments'))).not.toContain(
        '73c42c96-874c-492b-b04d-ab87d138a893',
      );
      expect(rulesOf(resources).length).toBeGreaterThan(10);
    });

    it('tells urgent ones to the urgent group, the others to the routine one, and neither to both', async () => {
      const resources = await deploy({
        receivers: { ...REPORTED.receivers, sms: [phone], voice: [phone] },
        existingActionGroupIds: [PAGER.replace('pager', 'all')],
        existingUrgentActionGroupIds: [PAGER],
      });
      const told = rulesOf(resources).map(({ properties }) => ({
        urgent: properties.severity <= 1,
        groups: properties.actions.actionGroups.map((id: string) => withoutSuffix(lastOf(id))),
      }));
      const urgent = ['ag-all', 'ag-pager', 'ag-keywatch-urgent'];
      for (const { urgent: isUrgent, groups } of told)
        expect(groups).toEqual(isUrgent ? urgent : ['ag-all', 'ag-keywatch-routine']);
      expect(new Set(told.map(({ urgent: isUrgent }) => isUrgent))).toEqual(new Set([true, false]));
    });

    it('sends SMS, calls and mail to who wants only that of what is urgent', async () => {
      const resources = await deploy({
        receivers: {
          sms: [phone],
          voice: [phone],
          email: [
            { name: 'all', emailAddress: 'all@contoso.example' },
            { name: 'duty', emailAddress: 'duty@contoso.example', urgentOnly: true },
          ],
        },
      });
      const group = (name: string) => one(resources, 'Microsoft.Insights/actionGroups', name).properties;
      const mailed = (name: string) => group(name).emailReceivers.map(({ name: of }: { name: string }) => of);
      expect(mailed('urgent')).toEqual(['all', 'duty']);
      expect(mailed('routine')).toEqual(['all']);
      expect([group('urgent').smsReceivers.length, group('urgent').voiceReceivers.length]).toEqual([1, 1]);
      expect([group('routine').smsReceivers, group('routine').voiceReceivers]).toEqual([[], []]);
      expect(group('urgent').groupShortName).not.toBe(group('routine').groupShortName);
    });

    it('lets them speak of this deployment, with the settings that were chosen', async () => {
      const resources = await deploy({ alerts: SIGN_INS });
      const [{ name: app } = { name: '' }] = ofType(resources, 'Microsoft.Web/sites');
      for (const { name, properties } of rulesOf(resources)) {
        const { query } = properties.criteria.allOf[0];
        for (const setting of [`OwnDeployment = "${app}"`, 'WatchedRoles = dynamic(["shop","crm"])'])
          expect(query, name).toContain(`let ${setting};`);
      }
    });

    it('makes each rule of the table as it says, with its query and its settings', async () => {
      const resources = await deploy(WANTED);
      const [{ name: app } = { name: '' }] = ofType(resources, 'Microsoft.Web/sites');
      const made = new Map(
        rulesOf(resources).map(({ name, properties }) => [withoutSuffix(name), properties]),
      );
      expect(made.size).toBe(alertRules.length);
      for (const rule of alertRules) {
        const { criteria, actions, ...given } = made.get(`keywatch-${rule.name}`);
        const { query, dimensions, failingPeriods } = criteria.allOf[0];
        const { severity, enabled, evaluationFrequency, windowSize, autoMitigate } = rule;
        expect(given).toMatchObject({ severity, enabled, evaluationFrequency, windowSize, autoMitigate });
        expect(given.overrideQueryTimeRange ?? null).toBe(rule.overrideQueryTimeRange);
        // A mute as long as the pause between two evaluations would mute every second one.
        expect(given.muteActionsDuration).toBeUndefined();
        expect(given.description).toBe(`${rule.description} Runbook: https://example.com/${rule.runbook}`);
        expect(query).toBe(alertQuery(rule.name).replace('OwnDeployment = ""', `OwnDeployment = "${app}"`));
        expect(dimensions.map(({ name }: { name: string }) => name)).toEqual(rule.dimensions);
        expect(failingPeriods).toEqual({ numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 });
        expect(actions.customProperties).toEqual({
          rule: rule.name,
          runbook: `https://example.com/${rule.runbook}`,
        });
      }
    });

    it('saves the functions for people beside it, in a workspace of others only when told to', async () => {
      const savedBy = async (given: Params) =>
        ofType(await deploy(given), 'Microsoft.OperationalInsights/workspaces/savedSearches').map(
          ({ properties }) => [properties.functionAlias, properties.query],
        );
      const all = queryFunctions.map((each) => [each.name, functionText(each)]);
      expect(await savedBy({})).toEqual(all);
      expect(await savedBy(ELSEWHERE)).toEqual([]);
      expect(await savedBy({ ...ELSEWHERE, saveFunctions: true })).toEqual(all);
    });

    it('switches on what is off by default where that is wanted, and none besides', async () => {
      const enabled = async (given: Params) =>
        rulesOf(await deploy(given)).flatMap(({ name, properties }) =>
          properties.enabled ? [withoutSuffix(name)] : [],
        );
      const usual = await enabled({});
      const more = async (alerts: Params) =>
        (await enabled({ alerts })).filter((name) => !usual.includes(name));
      expect(await more({ alertPerWarning: true })).toEqual(['keywatch-credential-expiring']);
      expect(await more(SIGN_INS)).toEqual([
        'keywatch-entra-old-secret-used',
        'keywatch-entra-secret-refused',
      ]);
    });

    it('puts what an alert is about into the subject of its mail', async () => {
      for (const { name, properties } of rulesOf(await deploy()))
        expect(properties.actions.actionProperties['Email.Subject'], name).toMatch(
          /^Keywatch.*\$\{data\.alertContext\.condition\.allOf\[0\]\.dimensions\[\d\]\.value\}/,
        );
    });

    it('keeps no urgent one quiet in a maintenance window', async () => {
      const resources = await deploy(WANTED);
      const { conditions } = one(resources, 'Microsoft.AlertsManagement/actionRules').properties;
      expect(conditions).toContainEqual({
        field: 'Severity',
        operator: 'NotEquals',
        values: ['Sev0', 'Sev1'],
      });
    });

    it('asks for storage of their own only where that is wanted', async () => {
      const asked = async (given: Params) =>
        rulesOf(await deploy(given)).map(
          ({ properties }) => properties.checkWorkspaceAlertsStorageConfigured,
        );
      expect(new Set(await asked({}))).toEqual(new Set([false]));
      expect(new Set(await asked(WANTED))).toEqual(new Set([true]));
    });
  });

  describe('of the guard', () => {
    it('tells the urgent group when a rule cannot be evaluated and when something was deleted', async () => {
      const alerts = ofType(await deploy(), 'Microsoft.Insights/activityLogAlerts');
      expect(alerts.map(({ name }) => withoutSuffix(name))).toEqual([
        'keywatch-rule-health',
        'keywatch-deletions',
      ]);
      const [health = '', deletions = ''] = alerts.map(({ properties }) => JSON.stringify(properties));
      expect(health).toContain('"field":"resourceType","equals":"Microsoft.Insights/scheduledQueryRules"');
      for (const status of ['Degraded', 'Unavailable']) expect(health).toContain(`"equals":"${status}"`);
      for (const type of [
        'Microsoft.KeyVault/vaults',
        'Microsoft.Storage/storageAccounts',
        'Microsoft.OperationalInsights/workspaces',
        'Microsoft.Insights/components',
      ])
        expect(deletions).toContain(`"equals":"${type}/delete"`);
      for (const text of [health, deletions]) {
        expect(text).toContain('/resourceGroups/rg"]');
        expect(text).toContain('ag-keywatch-urgent-');
      }
    });

    it('watches whether the vault of the sealing key and both accounts answer', async () => {
      const scopes = ofType(await deploy(), 'Microsoft.Insights/metricAlerts')
        .filter(({ name }) => name.includes('availability'))
        .map(({ properties }) => lastOf(properties.scopes[0]));
      expect(scopes.map((name) => name.slice(0, 6))).toEqual(['kv-kw-', 'stkeyw', 'stkwfa']);
    });

    it('asks the app from outside, and calls two of three places that get no answer urgent', async () => {
      const resources = await deploy(WANTED);
      const test = one(resources, 'Microsoft.Insights/webtests').properties;
      expect([test.Kind, test.Locations.length, test.ValidationRules.ExpectedHttpStatusCode]).toEqual([
        'standard',
        3,
        200,
      ]);
      const alert = one(resources, 'Microsoft.Insights/metricAlerts', 'unhealthy').properties;
      expect([alert.severity, alert.criteria.failedLocationCount]).toEqual([1, 2]);
      expect(alert.scopes).toEqual([alert.criteria.webTestId, alert.criteria.componentId]);
    });

    it('asks no app that is not there yet: the first deployment makes no test', async () => {
      const without = await deploy();
      expect(ofType(without, 'Microsoft.Insights/webtests')).toEqual([]);
    });
  });
});

import { maintenanceWindow, alertOptions } from '../types.bicep'
import { alertRules, queryHeads, queryTails } from '../alerts/rules.bicep'

@export()
@sealed()
@description('What the alert rules have in common, whichever workspace they read.')
type rulesInCommon = {
  @description('Tags of every resource.')
  tags: {
    @description('What the tag of this name says.')
    *: string
  }

  @description('Resource id of the identity that the rules read logs with.')
  identityId: string

  @description('Object id of that identity.')
  principalId: string

  @description('Whether that identity is given its role on each workspace here.')
  assignLogReader: bool

  @description('Whether the rules may only be stored in storage that the workspace names, as a policy on customer-managed keys demands.')
  checkWorkspaceAlertsStorageConfigured: bool

  @description('Who is told of severity 0 and 1, at once. At least one.')
  @minLength(1)
  urgentActionGroupIds: string[]

  @description('Who is told of severity 2 to 4. At least one.')
  @minLength(1)
  routineActionGroupIds: string[]

  @description('When nobody is told. Absent: no maintenance window.')
  maintenance: maintenanceWindow?

  @description('What stands before each runbook path in an alert: the address of the repository, with a slash at its end.')
  runbookBaseUrl: string

  @description('What the rules tell, and when, where it is not the usual.')
  options: alertOptions

  @description('Name of the function app: the rules speak of its telemetry only.')
  functionAppName: string
}

@description('Region of the rules: that of the workspace they read.')
param location string

@description('End of each name, unique to this deployment and to what is watched.')
@minLength(5)
param nameSuffix string

@description('Workspace that the queries read.')
param workspaceId string

@description('Names of the rules to make. Empty: all of them.')
param ruleNames string[] = []

@description('What the rules have in common, whichever workspace they read.')
param common rulesInCommon

@description('How often they are evaluated. Empty: as their table says.')
param evaluationFrequency string = ''

// The settings are put into the first thing that every query begins with.
var deploymentSetting = 'OwnDeployment = "${toLower(common.functionAppName)}"'
var watchedRoles = common.options.?watchedRoles ?? []
var rolesSetting = 'WatchedRoles = dynamic(${string(watchedRoles)})'
var heads = union(queryHeads, {
  settings: replace(
    replace(queryHeads.settings, 'OwnDeployment = ""', deploymentSetting),
    'WatchedRoles = dynamic([])',
    rolesSetting
  )
})

// What the options switch on. Whatever else a rule.json switches off stays off.
var switchedOn = concat(
  (common.options.?alertPerWarning ?? false) ? ['credential-expiring'] : [],
  (common.options.?signInLogs ?? false) ? ['entra-secret-refused', 'entra-old-secret-used'] : []
)
var rules = filter(alertRules, rule => empty(ruleNames) || contains(ruleNames, rule.name))

resource scheduledQueryRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'keywatch-${rule.name}-${nameSuffix}'
    location: location
    tags: common.tags
    kind: 'LogAlert'
    identity: {
      type: 'UserAssigned'
      userAssignedIdentities: {
        '${common.identityId}': {}
      }
    }
    properties: {
      displayName: 'Keywatch: ${rule.settings.displayName}'
      // Every kind of notification shows the description; custom properties reach webhooks, and not every mail.
      description: '${rule.settings.description} Runbook: ${common.runbookBaseUrl}infra/alerts/${rule.name}/runbook.md'
      severity: rule.settings.severity
      enabled: rule.settings.enabled || contains(switchedOn, rule.name)
      scopes: [
        workspaceId
      ]
      evaluationFrequency: empty(evaluationFrequency) ? rule.settings.evaluationFrequency : evaluationFrequency
      windowSize: rule.settings.windowSize
      overrideQueryTimeRange: rule.settings.?overrideQueryTimeRange
      autoMitigate: rule.settings.autoMitigate
      checkWorkspaceAlertsStorageConfigured: common.checkWorkspaceAlertsStorageConfigured
      // A new workspace has no rows yet, and the service would refuse a query over them.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: join(
              flatten([
                map(rule.heads, head => heads[head])
                [rule.query]
                map(rule.settings.tails, tail => queryTails[tail])
              ]),
              ''
            )
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: map(rule.settings.dimensions, dimension => {
              name: dimension
              operator: 'Include'
              values: [
                '*'
              ]
            })
            // Queries stamp their rows now(), so a row lies in the newest period only: more than one could never fail.
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: rule.settings.severity <= 1 ? common.urgentActionGroupIds : common.routineActionGroupIds
        // The subject of a mail; the service fills in the holes.
        actionProperties: {
          'Email.Subject': rule.settings.emailSubject
        }
        customProperties: {
          rule: rule.name
          runbook: '${common.runbookBaseUrl}infra/alerts/${rule.name}/runbook.md'
        }
      }
    }
  }
]

import { alertOptions } from '../types.bicep'

@description('Region of the rules: that of the workspace they read.')
param location string

@description('End of each name, unique to this deployment and to what is watched.')
@minLength(5)
param nameSuffix string

@description('Tags of every rule.')
param tags object

@description('Workspace that the queries read.')
param workspaceId string

@description('Who is told of severity 0 and 1, at once. At least one.')
@minLength(1)
param urgentActionGroupIds string[]

@description('Who is told of severity 2 to 4. At least one.')
@minLength(1)
param routineActionGroupIds string[]

@description('Resource id of the identity that the rules read logs with.')
param identityId string

@description('Whether the rules may only be stored in storage that the workspace names, as a policy on customer-managed keys demands.')
param checkWorkspaceAlertsStorageConfigured bool

@description('Names of the rules to make. Empty: all of them.')
param ruleNames string[] = []

@description('What stands before each runbook path in an alert: the address of the repository, with a slash at its end.')
param runbookBaseUrl string

@description('What the rules tell, and when, where it is not the usual.')
param options alertOptions

@description('Name of the function app: the rules speak of its telemetry only.')
param functionAppName string

@description('How often they are evaluated. Empty: as their table says.')
param evaluationFrequency string = ''

// What several queries begin with. The settings are put into the first of them.
var deploymentSetting = 'OwnDeployment = "${toLower(functionAppName)}"'
var watchedRoles = options.?watchedRoles ?? []
var rolesSetting = 'WatchedRoles = dynamic(${string(watchedRoles)})'
var heads = {
  settings: replace(replace(loadTextContent('../alerts/heads/settings.kql'), 'OwnDeployment = ""', deploymentSetting), 'WatchedRoles = dynamic([])', rolesSetting)
  credentials: loadTextContent('../alerts/heads/credentials.kql')
  grants: loadTextContent('../alerts/heads/grants.kql')
  consents: loadTextContent('../alerts/heads/consents.kql')
  failing: loadTextContent('../alerts/heads/failing.kql')
  findings: loadTextContent('../alerts/heads/findings.kql')
  silent: loadTextContent('../alerts/heads/silent.kql')
  incomplete: loadTextContent('../alerts/heads/incomplete.kql')
  shrunk: loadTextContent('../alerts/heads/shrunk.kql')
  'given-up': loadTextContent('../alerts/heads/given-up.kql')
  undelivered: loadTextContent('../alerts/heads/undelivered.kql')
}

// The rules are data (rules.json), their queries files of their own; loadTextContent wants a literal path, hence
// this table. A test holds the three together.
var queries = {
  'requests-401-spike': loadTextContent('../alerts/requests-401-spike.kql')
  'dependencies-401-spike': loadTextContent('../alerts/dependencies-401-spike.kql')
  'credential-critical': loadTextContent('../alerts/credential-critical.kql')
  'credential-expired': loadTextContent('../alerts/credential-expired.kql')
  'credential-expiring': loadTextContent('../alerts/credential-expiring.kql')
  'consent-ending': loadTextContent('../alerts/consent-ending.kql')
  'grant-dead': loadTextContent('../alerts/grant-dead.kql')
  'refresh-failing': loadTextContent('../alerts/refresh-failing.kql')
  'refresh-ambiguous': loadTextContent('../alerts/refresh-ambiguous.kql')
  'rotated-token-not-stored': loadTextContent('../alerts/rotated-token-not-stored.kql')
  'scan-missed': loadTextContent('../alerts/scan-missed.kql')
  'scan-incomplete': loadTextContent('../alerts/scan-incomplete.kql')
  'inventory-shrank': loadTextContent('../alerts/inventory-shrank.kql')
  'poison-queue': loadTextContent('../alerts/poison-queue.kql')
  'telemetry-delivery-failing': loadTextContent('../alerts/telemetry-delivery-failing.kql')
  digest: loadTextContent('../alerts/digest.kql')
}
var allRules = loadJsonContent('../alerts/rules.json').rules
// What the options switch on. Whatever else rules.json switches off stays off.
var switchedOn = (options.?alertPerWarning ?? false) ? ['credential-expiring'] : []
var rules = filter(allRules, rule => empty(ruleNames) || contains(ruleNames, rule.name))

resource alertRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: 'keywatch-${rule.name}-${nameSuffix}'
  location: location
  tags: tags
  kind: 'LogAlert'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    displayName: 'Keywatch: ${rule.displayName}'
    // Every kind of notification shows the description; custom properties reach webhooks, and not every mail.
    description: '${rule.description} Runbook: ${runbookBaseUrl}${rule.runbook}'
    severity: rule.severity
    enabled: rule.enabled || contains(switchedOn, rule.name)
    scopes: [
      workspaceId
    ]
    evaluationFrequency: empty(evaluationFrequency) ? rule.evaluationFrequency : evaluationFrequency
    windowSize: rule.windowSize
    overrideQueryTimeRange: rule.?overrideQueryTimeRange
    autoMitigate: rule.autoMitigate
    muteActionsDuration: rule.?muteActionsDuration
    checkWorkspaceAlertsStorageConfigured: checkWorkspaceAlertsStorageConfigured
    // A new workspace has no rows yet, and the service would refuse a query over them.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '${join(map(rule.heads, head => heads[head]), '')}${queries[rule.name]}'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: map(rule.dimensions, dimension => {
            name: dimension
            operator: 'Include'
            values: [
              '*'
            ]
          })
          failingPeriods: {
            numberOfEvaluationPeriods: rule.failingPeriods.numberOfEvaluationPeriods
            minFailingPeriodsToAlert: rule.failingPeriods.minFailingPeriodsToAlert
          }
        }
      ]
    }
    actions: {
      actionGroups: rule.severity <= 1 ? urgentActionGroupIds : routineActionGroupIds
      // The subject of a mail; the service fills in the holes.
      actionProperties: {
        'Email.Subject': rule.emailSubject
      }
      customProperties: {
        rule: rule.name
        runbook: '${runbookBaseUrl}${rule.runbook}'
      }
    }
  }
}]

// What one workspace needs for its alert rules: the right to read it, the rules, and when nobody is told.

import { rulesInCommon } from 'alerts.bicep'

@description('Full resource id of the workspace that the rules read, in any group and subscription.')
param workspaceId string

@description('Region of the rules: that of the workspace.')
param location string

@description('End of each name, unique to this deployment and to what is watched.')
@minLength(5)
param nameSuffix string

@description('Object id of the rotator, where it reads the sign-in logs in the workspace. Empty: it reads none.')
param rotatorPrincipalId string = ''

@description('Object id of the scanner, where it reads in the workspace who uses what. Empty: it reads nothing.')
param useReaderPrincipalId string = ''

@description('Names of the rules to make. Empty: all of them.')
param ruleNames string[] = []

@description('How often they are evaluated. Empty: as their table says.')
param evaluationFrequency string = ''

@description('Workspaces that have rules of this deployment already. Where this one is among them none are made: each would report the same once more.')
param idsWithRules string[] = []

@description('Those that got rules for a component before this one.')
param idsOfEarlier string[] = []

@description('What the rules have in common, whichever workspace they read.')
param common rulesInCommon

// Where a module is deployed must be known when a deployment starts, and the workspace of a component is read from the
// component: so all that stands beside a workspace is deployed from here, where its id is a parameter.
var workspace = split(workspaceId, '/')
var hasRules = contains(map(concat(idsWithRules, idsOfEarlier), id => toLower(id)), toLower(workspaceId))

module reader 'workspaceReader.bicep' = if (common.assignLogReader) {
  name: 'keywatch-reads-${nameSuffix}'
  scope: resourceGroup(workspace[2], workspace[4])
  params: {
    workspaceName: workspace[8]
    readerPrincipalId: common.principalId
  }
}

module rotatorReader 'workspaceReader.bicep' = if (common.assignLogReader && !empty(rotatorPrincipalId)) {
  name: 'keywatch-rotator-reads-${nameSuffix}'
  scope: resourceGroup(workspace[2], workspace[4])
  params: {
    workspaceName: workspace[8]
    readerPrincipalId: rotatorPrincipalId
  }
}

module useReader 'workspaceReader.bicep' = if (common.assignLogReader && !empty(useReaderPrincipalId)) {
  name: 'keywatch-use-reads-${nameSuffix}'
  scope: resourceGroup(workspace[2], workspace[4])
  params: {
    workspaceName: workspace[8]
    readerPrincipalId: useReaderPrincipalId
  }
}

module alerts 'alerts.bicep' = if (!hasRules) {
  name: 'keywatch-alerts-${nameSuffix}'
  // The service tries a query when a rule is made, with the rights of its identity.
  dependsOn: [reader]
  params: {
    location: location
    nameSuffix: nameSuffix
    workspaceId: workspaceId
    ruleNames: ruleNames
    evaluationFrequency: evaluationFrequency
    common: common
  }
}

// The service compares the scope of such a rule with what an alert fired on, which is the workspace, and takes only
// scopes in the rule's own subscription. So the rule stands beside the workspace, which is not always where the
// Application Insights resource on it is.
module quiet 'maintenanceWindow.bicep' = if (common.?maintenance != null) {
  name: 'keywatch-maintenance-${nameSuffix}'
  scope: resourceGroup(workspace[2], workspace[4])
  params: {
    ruleName: 'keywatch-maintenance-${nameSuffix}'
    tags: common.tags
    workspaceId: workspaceId
    window: common.?maintenance!
  }
}

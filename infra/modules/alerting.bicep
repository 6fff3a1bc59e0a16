// How people learn of it: whom the alerts reach, the alert rules on Keywatch's own workspace and on those of others,
// when nobody is told, and the workbook.

import {
  componentReference
  workspaceReference
  receiverLists
  maintenanceWindow
  alertOptions
} from '../types.bicep'

@description('Region of the workbook.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags { *: string }

@description('Workspace that holds Keywatch\'s telemetry.')
param workspaceId string

@description('Region of that workspace.')
param workspaceLocation string

@description('Whether functions for people are saved in that workspace.')
param saveFunctions bool

@description('Resource id of the identity that the alert rules read logs with.')
param alertsIdentityId string

@description('Object id of that identity.')
param alertsPrincipalId string

@description('Whether that identity is given its role on each workspace here.')
param assignLogReader bool

@description('Object id of the identity that rotates client secrets. Empty: none.')
param rotatorPrincipalId string

@description('Client ids of the identities of Keywatch that call vaults.')
param ownClientIds string[]

@description('Object id of the scanner, where it reads in the workspace who uses what. Empty: it reads nothing.')
param useReaderPrincipalId string

@description('Whether the rules may only be stored in storage that the workspace names.')
param checkWorkspaceAlertsStorageConfigured bool

@description('Whether there is anybody in the receivers below.')
param hasReceivers bool

@description('Whether any of them is told of severity 2 to 4 too.')
param hasRoutineReceivers bool

@description('Who is notified, by channel.')
param receivers receiverLists

@description('Webhooks: name to https address. Such an address often carries a key, hence secure.')
@secure()
param webhooks { *: string }

@description('Webhooks that are told of severity 0 and 1 only: name to https address.')
@secure()
param urgentWebhooks { *: string }

@description('Action groups that exist already and are reported everything as well.')
param existingActionGroupIds string[]

@description('Action groups that exist already and are told of severity 0 and 1.')
param existingUrgentActionGroupIds string[]

@description('When nobody is told. Absent: no maintenance window.')
param maintenance maintenanceWindow?

@description('Application Insights resources of others whose 401s the unauthorized rules watch too.')
param watchedComponents componentReference[]

@description('Workspaces of others whose 401s the unauthorized rules watch too.')
param watchedWorkspaces workspaceReference[]

@description('What stands before each runbook path in an alert.')
param runbookBaseUrl string

@description('What the alert rules tell, and when, where it is not the usual.')
param options alertOptions

@description('Name of the function app, which is how its telemetry names the deployment.')
param functionAppName string

module groups 'actionGroups.bicep' = {
  name: 'keywatch-action-groups'
  params: {
    nameSuffix: nameSuffix
    tags: tags
    hasReceivers: hasReceivers
    hasRoutineReceivers: hasRoutineReceivers
    receivers: receivers
    webhooks: webhooks
    urgentWebhooks: urgentWebhooks
    existingActionGroupIds: existingActionGroupIds
    existingUrgentActionGroupIds: existingUrgentActionGroupIds
  }
}

module own 'workspaceRules.bicep' = {
  name: 'keywatch-rules'
  params: {
    workspaceId: workspaceId
    location: workspaceLocation
    nameSuffix: nameSuffix
    tags: tags
    alertsIdentityId: alertsIdentityId
    alertsPrincipalId: alertsPrincipalId
    assignLogReader: assignLogReader
    rotatorPrincipalId: (options.?signInLogs ?? false) ? rotatorPrincipalId : ''
    useReaderPrincipalId: useReaderPrincipalId
    checkWorkspaceAlertsStorageConfigured: checkWorkspaceAlertsStorageConfigured
    urgentActionGroupIds: groups.outputs.urgentIds
    routineActionGroupIds: groups.outputs.routineIds
    maintenance: maintenance
    runbookBaseUrl: runbookBaseUrl
    options: options
    functionAppName: functionAppName
  }
}

// The 401s of others: the same two rules over their workspaces, as seldom as still reports its health.
var unauthorizedRules = ['requests-401-spike', 'dependencies-401-spike']
var unauthorizedFrequency = 'PT15M'
var components = map(watchedComponents, component => {
  name: component.name
  resourceGroup: component.?resourceGroup ?? resourceGroup().name
  subscriptionId: component.?subscriptionId ?? subscription().subscriptionId
  nameSuffix: uniqueString(nameSuffix, component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)
})

module watched 'watchedComponent.bicep' = [
  for component in components: {
    name: 'keywatch-watched-${component.nameSuffix}'
    scope: resourceGroup(component.subscriptionId, component.resourceGroup)
    params: {
      componentName: component.name
    }
  }
]

module ofComponents 'workspaceRules.bicep' = [
  for (component, i) in components: {
    name: 'keywatch-rules-${component.nameSuffix}'
    params: {
      workspaceId: watched[i].outputs.workspaceId
      location: watched[i].outputs.location
      nameSuffix: component.nameSuffix
      tags: tags
      alertsIdentityId: alertsIdentityId
      alertsPrincipalId: alertsPrincipalId
      assignLogReader: assignLogReader
      checkWorkspaceAlertsStorageConfigured: checkWorkspaceAlertsStorageConfigured
      urgentActionGroupIds: groups.outputs.urgentIds
      routineActionGroupIds: groups.outputs.routineIds
      maintenance: maintenance
      runbookBaseUrl: runbookBaseUrl
      options: options
      functionAppName: functionAppName
      ruleNames: unauthorizedRules
      evaluationFrequency: unauthorizedFrequency
    }
  }
]

module ofWorkspaces 'workspaceRules.bicep' = [
  for workspace in watchedWorkspaces: {
    name: 'keywatch-rules-${uniqueString(nameSuffix, workspace.resourceId)}'
    params: {
      workspaceId: workspace.resourceId
      location: workspace.location
      nameSuffix: uniqueString(nameSuffix, workspace.resourceId)
      tags: tags
      alertsIdentityId: alertsIdentityId
      alertsPrincipalId: alertsPrincipalId
      assignLogReader: assignLogReader
      checkWorkspaceAlertsStorageConfigured: checkWorkspaceAlertsStorageConfigured
      urgentActionGroupIds: groups.outputs.urgentIds
      routineActionGroupIds: groups.outputs.routineIds
      maintenance: maintenance
      runbookBaseUrl: runbookBaseUrl
      options: options
      functionAppName: functionAppName
      ruleNames: unauthorizedRules
      evaluationFrequency: unauthorizedFrequency
    }
  }
]

var workspace = split(workspaceId, '/')

module functions 'queryFunctions.bicep' = if (saveFunctions) {
  name: 'keywatch-query-functions'
  scope: resourceGroup(workspace[2], workspace[4])
  params: {
    workspaceName: workspace[8]
  }
}

module workbook 'workbook.bicep' = {
  name: 'keywatch-workbook'
  params: {
    location: location
    tags: tags
    workspaceId: workspaceId
    ownClientIds: ownClientIds
  }
}

@description('Who is told of severity 0 and 1.')
output urgentActionGroupIds string[] = groups.outputs.urgentIds

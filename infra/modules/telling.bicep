// How people learn of it: whom the alerts reach, the alert rules on Keywatch's own workspace and on those of others,
// when nobody is told, and the workbook.

import { componentReference, workspaceReference, emailReceiver, smsReceiver, logicAppReceiver, eventHubReceiver, maintenanceWindow, alertOptions } from '../types.bicep'

@description('Region of the workbook.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags object

@description('Workspace that holds Keywatch\'s telemetry.')
param workspaceId string

@description('Region of that workspace.')
param workspaceLocation string

@description('Whether there is anybody in the receivers below.')
param hasReceivers bool

@description('Who is told by mail.')
param emailReceivers emailReceiver[]

@description('Who is told by SMS.')
param smsReceivers smsReceiver[]

@description('Webhooks: name to https address. Such an address often carries a key, hence secure.')
@secure()
param webhooks object

@description('Logic Apps that are run.')
param logicAppReceivers logicAppReceiver[]

@description('Event hubs that receive every alert.')
param eventHubReceivers eventHubReceiver[]

@description('Action groups that exist already and are told as well.')
param existingActionGroupIds string[]

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

module actionGroup 'actionGroup.bicep' = if (hasReceivers) {
  name: 'keywatch-action-group'
  params: {
    groupName: 'ag-keywatch-${nameSuffix}'
    shortName: 'keywatch'
    tags: tags
    emailReceivers: emailReceivers
    smsReceivers: smsReceivers
    webhooks: webhooks
    logicAppReceivers: logicAppReceivers
    eventHubReceivers: eventHubReceivers
  }
}

var ownActionGroupIds = hasReceivers ? [actionGroup!.outputs.groupId] : []
var actionGroupIds = concat(existingActionGroupIds, ownActionGroupIds)

module alerts 'alerts.bicep' = {
  name: 'keywatch-alerts'
  params: {
    location: workspaceLocation
    nameSuffix: nameSuffix
    tags: tags
    workspaceId: workspaceId
    actionGroupIds: actionGroupIds
    runbookBaseUrl: runbookBaseUrl
    options: options
    functionAppName: functionAppName
  }
}

// The 401s of others: the same two rules over their workspaces, as seldom as still reports its health.
var unauthorizedRules = ['requests-401-spike', 'dependencies-401-spike']

module watched 'watchedComponent.bicep' = [for component in watchedComponents: {
  name: 'keywatch-watched-${uniqueString(nameSuffix, component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)}'
  scope: resourceGroup(component.?subscriptionId ?? subscription().subscriptionId, component.?resourceGroup ?? resourceGroup().name)
  params: {
    componentName: component.name
  }
}]

module componentAlerts 'alerts.bicep' = [for (component, i) in watchedComponents: {
  name: 'keywatch-alerts-${uniqueString(component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)}'
  params: {
    location: watched[i].outputs.location
    nameSuffix: uniqueString(nameSuffix, component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)
    tags: tags
    workspaceId: watched[i].outputs.workspaceId
    actionGroupIds: actionGroupIds
    ruleNames: unauthorizedRules
    evaluationFrequency: 'PT15M'
    runbookBaseUrl: runbookBaseUrl
    options: options
    functionAppName: functionAppName
  }
}]

module workspaceAlerts 'alerts.bicep' = [for workspace in watchedWorkspaces: {
  name: 'keywatch-alerts-${uniqueString(workspace.resourceId)}'
  params: {
    location: workspace.location
    nameSuffix: uniqueString(nameSuffix, workspace.resourceId)
    tags: tags
    workspaceId: workspace.resourceId
    actionGroupIds: actionGroupIds
    ruleNames: unauthorizedRules
    evaluationFrequency: 'PT15M'
    runbookBaseUrl: runbookBaseUrl
    options: options
    functionAppName: functionAppName
  }
}]

module maintenanceRule 'workspaceMaintenance.bicep' = if (maintenance != null) {
  name: 'keywatch-quiet'
  params: {
    ruleName: 'keywatch-maintenance-${nameSuffix}'
    tags: tags
    workspaceId: workspaceId
    window: maintenance!
  }
}

module componentMaintenance 'workspaceMaintenance.bicep' = [for (component, i) in watchedComponents: if (maintenance != null) {
  name: 'keywatch-quiet-${uniqueString(nameSuffix, component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)}'
  params: {
    ruleName: 'keywatch-maintenance-${uniqueString(nameSuffix, component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)}'
    tags: tags
    workspaceId: watched[i].outputs.workspaceId
    window: maintenance!
  }
}]

module workspaceMaintenance 'workspaceMaintenance.bicep' = [for workspace in watchedWorkspaces: if (maintenance != null) {
  name: 'keywatch-quiet-${uniqueString(nameSuffix, workspace.resourceId)}'
  params: {
    ruleName: 'keywatch-maintenance-${uniqueString(nameSuffix, workspace.resourceId)}'
    tags: tags
    workspaceId: workspace.resourceId
    window: maintenance!
  }
}]

module workbook 'workbook.bicep' = {
  name: 'keywatch-workbook'
  params: {
    location: location
    tags: tags
    workspaceId: workspaceId
  }
}

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

@description('Resource id of the identity that the alert rules read logs with.')
param alertsIdentityId string

@description('Object id of that identity.')
param alertsPrincipalId string

@description('Whether that identity is given its role on each workspace here.')
param assignLogReader bool

@description('Whether the rules may only be stored in storage that the workspace names.')
param checkWorkspaceAlertsStorageConfigured bool

@description('Whether there is anybody in the receivers below.')
param hasReceivers bool

@description('Whether any of them is told of severity 2 to 4 too.')
param hasRoutineReceivers bool

@description('Who is told by mail.')
param emailReceivers emailReceiver[]

@description('Who is told by SMS of severity 0 and 1.')
param smsReceivers smsReceiver[]

@description('Who is called, of severity 0 and 1.')
param voiceReceivers smsReceiver[]

@description('Webhooks: name to https address. Such an address often carries a key, hence secure.')
@secure()
param webhooks object

@description('Webhooks that are told of severity 0 and 1 only: name to https address.')
@secure()
param urgentWebhooks object

@description('Logic Apps that are run.')
param logicAppReceivers logicAppReceiver[]

@description('Event hubs that receive every alert.')
param eventHubReceivers eventHubReceiver[]

@description('Action groups that exist already and are told of everything as well.')
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

module receivers 'receivers.bicep' = {
  name: 'keywatch-receivers'
  params: {
    nameSuffix: nameSuffix
    tags: tags
    hasReceivers: hasReceivers
    hasRoutineReceivers: hasRoutineReceivers
    emailReceivers: emailReceivers
    smsReceivers: smsReceivers
    voiceReceivers: voiceReceivers
    webhooks: webhooks
    urgentWebhooks: urgentWebhooks
    logicAppReceivers: logicAppReceivers
    eventHubReceivers: eventHubReceivers
    existingActionGroupIds: existingActionGroupIds
    existingUrgentActionGroupIds: existingUrgentActionGroupIds
  }
}

module workspaceAccess 'workspaceAccess.bicep' = if (assignLogReader) {
  name: 'keywatch-access'
  params: {
    deploymentName: 'keywatch-reads-${nameSuffix}'
    workspaceId: workspaceId
    alertsPrincipalId: alertsPrincipalId
  }
}

module alerts 'alerts.bicep' = {
  name: 'keywatch-alerts'
  dependsOn: [workspaceAccess]
  params: {
    location: workspaceLocation
    nameSuffix: nameSuffix
    tags: tags
    workspaceId: workspaceId
    urgentActionGroupIds: receivers.outputs.urgentIds
    routineActionGroupIds: receivers.outputs.routineIds
    identityId: alertsIdentityId
    checkWorkspaceAlertsStorageConfigured: checkWorkspaceAlertsStorageConfigured
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

module componentAccess 'workspaceAccess.bicep' = [for (component, i) in watchedComponents: if (assignLogReader) {
  name: 'keywatch-access-${uniqueString(nameSuffix, component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)}'
  params: {
    deploymentName: 'keywatch-reads-${uniqueString(nameSuffix, component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)}'
    workspaceId: watched[i].outputs.workspaceId
    alertsPrincipalId: alertsPrincipalId
  }
}]

module componentAlerts 'alerts.bicep' = [for (component, i) in watchedComponents: {
  name: 'keywatch-alerts-${uniqueString(component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)}'
  dependsOn: [componentAccess]
  params: {
    location: watched[i].outputs.location
    nameSuffix: uniqueString(nameSuffix, component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)
    tags: tags
    workspaceId: watched[i].outputs.workspaceId
    urgentActionGroupIds: receivers.outputs.urgentIds
    routineActionGroupIds: receivers.outputs.routineIds
    identityId: alertsIdentityId
    checkWorkspaceAlertsStorageConfigured: checkWorkspaceAlertsStorageConfigured
    ruleNames: unauthorizedRules
    evaluationFrequency: 'PT15M'
    runbookBaseUrl: runbookBaseUrl
    options: options
    functionAppName: functionAppName
  }
}]

module watchedWorkspaceAccess 'workspaceAccess.bicep' = [for workspace in watchedWorkspaces: if (assignLogReader) {
  name: 'keywatch-access-${uniqueString(nameSuffix, workspace.resourceId)}'
  params: {
    deploymentName: 'keywatch-reads-${uniqueString(nameSuffix, workspace.resourceId)}'
    workspaceId: workspace.resourceId
    alertsPrincipalId: alertsPrincipalId
  }
}]

module workspaceAlerts 'alerts.bicep' = [for workspace in watchedWorkspaces: {
  name: 'keywatch-alerts-${uniqueString(workspace.resourceId)}'
  dependsOn: [watchedWorkspaceAccess]
  params: {
    location: workspace.location
    nameSuffix: uniqueString(nameSuffix, workspace.resourceId)
    tags: tags
    workspaceId: workspace.resourceId
    urgentActionGroupIds: receivers.outputs.urgentIds
    routineActionGroupIds: receivers.outputs.routineIds
    identityId: alertsIdentityId
    checkWorkspaceAlertsStorageConfigured: checkWorkspaceAlertsStorageConfigured
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

@description('Who is told of severity 0 and 1.')
output urgentActionGroupIds string[] = receivers.outputs.urgentIds

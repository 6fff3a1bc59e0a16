// How people learn of it: the alert rules on Keywatch's own workspace and on those of others, when nobody is told, and
// the workbook.

import { componentReference, workspaceReference } from '../types.bicep'
import { rulesInCommon } from 'alerts.bicep'

@description('Region of the workbook.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Workspace that holds Keywatch\'s telemetry.')
param workspaceId string

@description('Region of that workspace.')
param workspaceLocation string

@description('Whether functions for people are saved in that workspace.')
param saveFunctions bool

@description('Object id of the rotator, where it reads the sign-in logs in the workspace. Empty: it reads none.')
param rotatorPrincipalId string

@description('Client ids of the identities of Keywatch that call vaults.')
param ownClientIds string[]

@description('Object id of the scanner, where it reads in the workspace who uses what. Empty: it reads nothing.')
param useReaderPrincipalId string

@description('Application Insights resources of others whose 401s the unauthorized rules watch too.')
param watchedComponents componentReference[]

@description('Workspaces of others whose 401s the unauthorized rules watch too.')
param watchedWorkspaces workspaceReference[]

@description('What the rules have in common, whichever workspace they read.')
param common rulesInCommon

module own 'workspaceRules.bicep' = {
  name: 'keywatch-rules'
  params: {
    workspaceId: workspaceId
    location: workspaceLocation
    nameSuffix: nameSuffix
    rotatorPrincipalId: rotatorPrincipalId
    useReaderPrincipalId: useReaderPrincipalId
    common: common
  }
}

// The 401s of others: the same two rules over their workspaces, as seldom as still sees what arrives five minutes late
// within one of their windows of 15 minutes.
var unauthorizedRules = ['requests-401-spike', 'dependencies-401-spike']
var unauthorizedFrequency = 'PT10M'
var components = map(watchedComponents, component => {
  name: component.name
  resourceGroup: component.?resourceGroup ?? resourceGroup().name
  subscriptionId: component.?subscriptionId ?? subscription().subscriptionId
  nameSuffix: uniqueString(
    nameSuffix,
    toLower(component.?subscriptionId ?? ''),
    toLower(component.?resourceGroup ?? ''),
    toLower(component.name)
  )
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

var watchedIds = concat([workspaceId], map(watchedWorkspaces, workspace => workspace.resourceId))

module ofComponents 'workspaceRules.bicep' = [
  for (component, i) in components: {
    name: 'keywatch-rules-${component.nameSuffix}'
    params: {
      workspaceId: watched[i].outputs.workspaceId
      // Several components often share a workspace, and it may be Keywatch's own.
      idsWithRules: watchedIds
      idsOfEarlier: [for j in range(0, i): watched[j].outputs.workspaceId]
      location: watched[i].outputs.location
      nameSuffix: component.nameSuffix
      common: common
      ruleNames: unauthorizedRules
      evaluationFrequency: unauthorizedFrequency
    }
  }
]

module ofWorkspaces 'workspaceRules.bicep' = [
  for workspace in watchedWorkspaces: {
    name: 'keywatch-rules-${uniqueString(nameSuffix, toLower(workspace.resourceId))}'
    params: {
      workspaceId: workspace.resourceId
      location: workspace.location
      nameSuffix: uniqueString(nameSuffix, toLower(workspace.resourceId))
      common: common
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
    tags: common.tags
    workspaceId: workspaceId
    ownClientIds: ownClientIds
  }
}

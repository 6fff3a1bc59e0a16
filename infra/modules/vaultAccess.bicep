// What is given to each watched vault, where the vault is: roles, an audit log, and the way its events take.

import { vaultReference } from '../types.bicep'

@description('End of the names of deployments in other groups, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags { *: string }

@description('Vaults that exist already.')
param existingVaults vaultReference[]

@description('Vault that holds the sealing key, in this resource group. It may be among existingVaults, to say more about it.')
param sealingVaultName string

@description('Name of the sealing key.')
param sealingKeyName string

@description('How the name of every secret that holds a grant begins.')
param grantSecretNamePrefix string

@description('How the name of every secret that holds a rotated client secret begins.')
param rotatedSecretNamePrefix string

@description('Subscriptions whose vaults are all found and scanned.')
param discoverySubscriptionIds string[]

@description('Object id of the identity that lists metadata.')
param scannerPrincipalId string

@description('Object id of the identity that refreshes grants.')
param refresherPrincipalId string

@description('Object id of the identity that rotates client secrets. Empty: none.')
param rotatorPrincipalId string

@description('Workspace that receives the audit logs.')
param workspaceId string

@description('Resource id of the function app that receives vault events.')
param functionAppId string

@description('Region of the private endpoints.')
param location string

@description('Subnet for private endpoints. Empty: none are made.')
param endpointsSubnetId string

@description('DNS zone of the private endpoints of vaults. Empty: somebody else writes their addresses.')
param vaultZoneId string

@description('Whether vault events reach the function app.')
param subscribeToVaultEvents bool

// Every vault with every place filled in, the one that holds the sealing key included, and each only once. That one
// always holds grants, whatever the list says of it.
var sealingVaultKey = toLower(sealingVaultName)
var placedVaults = map(existingVaults, vault => {
  name: vault.name
  subscriptionId: vault.?subscriptionId ?? subscription().subscriptionId
  resourceGroup: vault.?resourceGroup ?? resourceGroup().name
  holdsGrants: toLower(vault.name) == sealingVaultKey || (vault.?holdsGrants ?? false)
  diagnostics: vault.?diagnostics ?? true
  privateEndpoint: vault.?privateEndpoint ?? false
  systemTopicName: vault.?systemTopicName ?? ''
  sealingKeyName: toLower(vault.name) == sealingVaultKey ? sealingKeyName : ''
})
var sealingVault = {
  name: sealingVaultName
  subscriptionId: subscription().subscriptionId
  resourceGroup: resourceGroup().name
  holdsGrants: true
  diagnostics: true
  privateEndpoint: false
  systemTopicName: ''
  sealingKeyName: sealingKeyName
}
var isSealingVaultPlaced = !empty(filter(placedVaults, vault => !empty(vault.sealingKeyName)))
var vaults = concat(placedVaults, filter([sealingVault], vault => !isSealingVaultPlaced))
var grantVaults = filter(vaults, vault => vault.holdsGrants)
var grantGroups = union(map(grantVaults, vault => toLower('${vault.subscriptionId}/${vault.resourceGroup}')), [])
// One seed for the role where it is made and where it is assigned.
var refresherRoleSeed = 'keywatch-refresher-${nameSuffix}'

module refresherRoles 'refresherRole.bicep' = [
  for group in grantGroups: {
    name: 'keywatch-role-${uniqueString(nameSuffix, group)}'
    scope: resourceGroup(split(group, '/')[0], split(group, '/')[1])
    params: {
      roleName: guid(group, refresherRoleSeed)
    }
  }
]

module vaultRoles 'roleAssignments.bicep' = [
  for vault in vaults: {
    name: 'keywatch-roles-${uniqueString(nameSuffix, vault.subscriptionId, vault.resourceGroup, vault.name)}'
    scope: resourceGroup(vault.subscriptionId, vault.resourceGroup)
    dependsOn: [refresherRoles]
    params: {
      scannerPrincipalId: scannerPrincipalId
      refresherPrincipalId: refresherPrincipalId
      vaultName: vault.name
      sealingKeyName: vault.sealingKeyName
      holdsGrants: vault.holdsGrants
      refresherRoleName: guid(toLower('${vault.subscriptionId}/${vault.resourceGroup}'), refresherRoleSeed)
      grantSecretNamePrefix: grantSecretNamePrefix
      rotatorPrincipalId: rotatorPrincipalId
      rotatedSecretNamePrefix: rotatedSecretNamePrefix
    }
  }
]

module discoveryRoles 'discoveryRoleAssignment.bicep' = [
  for id in discoverySubscriptionIds: {
    name: 'keywatch-discovery-${uniqueString(nameSuffix, id)}'
    scope: subscription(id)
    params: {
      scannerPrincipalId: scannerPrincipalId
    }
  }
]

module diagnostics 'vaultDiagnostics.bicep' = [
  for vault in vaults: if (vault.diagnostics) {
    name: 'keywatch-audit-${uniqueString(nameSuffix, vault.subscriptionId, vault.resourceGroup, vault.name)}'
    scope: resourceGroup(vault.subscriptionId, vault.resourceGroup)
    params: {
      vaultName: vault.name
      workspaceId: workspaceId
    }
  }
]

module vaultEndpoints 'privateEndpoint.bicep' = [
  for vault in vaults: if (vault.privateEndpoint) {
    name: 'keywatch-endpoint-${uniqueString(nameSuffix, vault.subscriptionId, vault.resourceGroup, vault.name)}'
    params: {
      location: location
      endpointName: 'pep-keywatch-${toLower(vault.name)}-${nameSuffix}'
      tags: tags
      subnetId: endpointsSubnetId
      targetId: resourceId(vault.subscriptionId, vault.resourceGroup, 'Microsoft.KeyVault/vaults', vault.name)
      groupId: 'vault'
      zoneId: vaultZoneId
    }
  }
]

module vaultEvents 'vaultEvents.bicep' = [
  for vault in vaults: if (subscribeToVaultEvents) {
    name: 'keywatch-events-${uniqueString(nameSuffix, vault.subscriptionId, vault.resourceGroup, vault.name)}'
    scope: resourceGroup(vault.subscriptionId, vault.resourceGroup)
    params: {
      vaultName: vault.name
      existingSystemTopicName: vault.systemTopicName
      functionAppId: functionAppId
      tags: tags
    }
  }
]

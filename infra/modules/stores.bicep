// Where Keywatch keeps what it may not lose: the storage account and the vault with the sealing key, two independent
// stores of a rotated token; a third account for when neither takes it, and for tokens that change too often for a vault; and the private ways to all three.

import { networkReference } from '../types.bicep'

@description('Region of everything here.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags { *: string }

@description('Redundancy of the storage account.')
param storageSkuName string

@description('Container that receives the deployment package.')
param deploymentContainerName string

@description('Vault that holds the sealing key, in this resource group.')
param sealingVaultName string

@description('Whether that vault is made here.')
param makeVault bool

@description('Name of the sealing key.')
param sealingKeyName string

@description('True: both are reachable through private endpoints only.')
param privateNetworking bool

@description('Address space of the network of those endpoints.')
param networkAddressPrefix string

@description('Whether that network has a NAT gateway.')
param natGateway bool

@description('Network to use instead of a new one. Absent: one is made.')
param existingNetwork networkReference?

@description('Whether the third account is made.')
param makeFallback bool

@description('Region of the third account.')
param fallbackLocation string

@description('Workspace that receives who read, wrote and deleted blobs. Empty: nobody keeps it.')
param logWorkspaceId string

var ticketContainerNames = ['keywatch-sign-in', 'keywatch-consent']

module storage 'storage.bicep' = {
  name: 'keywatch-storage'
  params: {
    location: location
    accountName: 'stkeywatch${nameSuffix}'
    tags: tags
    skuName: storageSkuName
    containerNames: [
      deploymentContainerName
      'keywatch-control'
      'keywatch-rotation'
      'keywatch-fallback'
      'keywatch-board'
      ...ticketContainerNames
    ]
    ticketContainerNames: ticketContainerNames
    queueNames: ['keywatch-scan', 'keywatch-refresh']
    publicAccess: !privateNetworking
    logWorkspaceId: logWorkspaceId
  }
}

// One copy in one other place is enough: what is set aside here is there to outlive the two stores above, and of a grant
// whose access token is handed out this is the second of two durable places, beside its control record.
module fallback 'storage.bicep' = if (makeFallback) {
  name: 'keywatch-fallback'
  params: {
    location: fallbackLocation
    accountName: 'stkwfallback${take(nameSuffix, 12)}'
    tags: tags
    skuName: 'Standard_LRS'
    containerNames: ['keywatch-fallback', 'keywatch-tokens']
    ticketContainerNames: []
    queueNames: []
    publicAccess: !privateNetworking
    logWorkspaceId: logWorkspaceId
  }
}

module keyVault 'keyVault.bicep' = if (makeVault) {
  name: 'keywatch-vault'
  params: {
    location: location
    vaultName: sealingVaultName
    tags: tags
    publicAccess: !privateNetworking
  }
}

module sealingKey 'sealingKey.bicep' = {
  name: 'keywatch-sealing-key'
  dependsOn: [keyVault]
  params: {
    vaultName: sealingVaultName
    keyName: sealingKeyName
  }
}

var makeNetwork = privateNetworking && existingNetwork == null

module network 'network.bicep' = if (makeNetwork) {
  name: 'keywatch-network'
  params: {
    location: location
    networkName: 'vnet-keywatch-${nameSuffix}'
    tags: tags
    addressPrefix: networkAddressPrefix
    natGateway: natGateway
  }
}

var storageServices = ['blob', 'queue', 'table']
var zones = existingNetwork.?zones
var zoneIds = makeNetwork
  ? network!.outputs.zoneIds
  : [zones.?blob ?? '', zones.?queue ?? '', zones.?table ?? '', zones.?vault ?? '']
var endpointsSubnetId = makeNetwork ? network!.outputs.endpointsSubnetId : existingNetwork.?endpointsSubnetId ?? ''

module storageEndpoints 'privateEndpoint.bicep' = [
  for (service, i) in storageServices: if (privateNetworking) {
    name: 'keywatch-endpoint-${service}'
    params: {
      location: location
      endpointName: 'pep-keywatch-${service}-${nameSuffix}'
      tags: tags
      subnetId: endpointsSubnetId
      targetId: storage.outputs.accountId
      groupId: service
      zoneId: zoneIds[i]
    }
  }
]

module fallbackEndpoint 'privateEndpoint.bicep' = if (privateNetworking && makeFallback) {
  name: 'keywatch-endpoint-fallback'
  params: {
    location: location
    endpointName: 'pep-keywatch-fallback-${nameSuffix}'
    tags: tags
    subnetId: endpointsSubnetId
    targetId: fallback!.outputs.accountId
    groupId: 'blob'
    zoneId: zoneIds[0]
  }
}

module vaultEndpoint 'privateEndpoint.bicep' = if (privateNetworking && makeVault) {
  name: 'keywatch-endpoint-vault'
  params: {
    location: location
    endpointName: 'pep-keywatch-vault-${nameSuffix}'
    tags: tags
    subnetId: endpointsSubnetId
    targetId: keyVault!.outputs.vaultId
    groupId: 'vault'
    zoneId: zoneIds[3]
  }
}

@description('Name of the storage account.')
output storageAccountName string = storage.outputs.accountName

@description('Blob endpoint of the storage account, with a slash at its end.')
output blobEndpoint string = storage.outputs.blobEndpoint

@description('Queue endpoint of the storage account.')
output queueEndpoint string = storage.outputs.queueEndpoint

@description('Table endpoint of the storage account.')
output tableEndpoint string = storage.outputs.tableEndpoint

@description('Address of the sealing key, without a version.')
output sealingKeyUri string = sealingKey.outputs.keyUri

@description('Subnet for the outbound traffic of the app. Empty: no network.')
output appSubnetId string = makeNetwork ? network!.outputs.appSubnetId : existingNetwork.?appSubnetId ?? ''

@description('Subnet for private endpoints. Empty: no network.')
output endpointsSubnetId string = endpointsSubnetId

@description('DNS zone of the private endpoints of vaults. Empty: somebody else writes their addresses.')
output vaultZoneId string = zoneIds[3]

@description('Address that the app goes out from. Empty: none that stays.')
output outboundAddress string = makeNetwork ? network!.outputs.outboundAddress : ''

@description('Resource ids of the accounts that were made.')
output accountIds string[] = concat([storage.outputs.accountId], makeFallback ? [fallback!.outputs.accountId] : [])

@description('Name of the third account. Empty: none was made.')
output fallbackAccountName string = makeFallback ? fallback!.outputs.accountName : ''

@description('Blob endpoint of the third account, with a slash at its end. Empty: none was made.')
output fallbackBlobEndpoint string = makeFallback ? fallback!.outputs.blobEndpoint : ''

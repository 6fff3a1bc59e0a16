// Where Keywatch keeps what it may not lose: the storage account and the vault with the sealing key, two independent
// stores of a rotated token, and the private ways to both.

@description('Region of everything here.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags object

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

module storage 'storage.bicep' = {
  name: 'keywatch-storage'
  params: {
    location: location
    accountName: 'stkeywatch${nameSuffix}'
    tags: tags
    skuName: storageSkuName
    containerNames: [deploymentContainerName, 'keywatch-control', 'keywatch-orphans']
    queueNames: ['keywatch-scan', 'keywatch-refresh']
    publicAccess: !privateNetworking
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

module network 'network.bicep' = if (privateNetworking) {
  name: 'keywatch-network'
  params: {
    location: location
    networkName: 'vnet-keywatch-${nameSuffix}'
    tags: tags
    addressPrefix: networkAddressPrefix
  }
}

var storageServices = ['blob', 'queue', 'table']

module storageEndpoints 'privateEndpoint.bicep' = [for (service, i) in storageServices: if (privateNetworking) {
  name: 'keywatch-endpoint-${service}'
  params: {
    location: location
    endpointName: 'pep-keywatch-${service}-${nameSuffix}'
    tags: tags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: storage.outputs.accountId
    groupId: service
    zoneId: network!.outputs.zoneIds[i]
  }
}]

module vaultEndpoint 'privateEndpoint.bicep' = if (privateNetworking && makeVault) {
  name: 'keywatch-endpoint-vault'
  params: {
    location: location
    endpointName: 'pep-keywatch-vault-${nameSuffix}'
    tags: tags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: keyVault!.outputs.vaultId
    groupId: 'vault'
    zoneId: network!.outputs.zoneIds[3]
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
output appSubnetId string = privateNetworking ? network!.outputs.appSubnetId : ''

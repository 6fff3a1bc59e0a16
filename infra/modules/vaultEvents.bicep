@description('Name of the vault, in this resource group.')
param vaultName string

@description('System topic that the vault already has, in this resource group. Empty: one is made.')
param existingSystemTopicName string

@description('Resource id of the function app that receives the events.')
param functionAppId string

@description('Tags of every resource.')
param tags { *: string }

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

// A topic stands in the region of its vault. A region must be known when a deployment starts, and this one is read from
// the vault: so the topic is a deployment of its own.
module eventGrid 'eventGrid.bicep' = {
  name: 'keywatch-topic-${uniqueString(functionAppId, vaultName)}'
  params: {
    vaultName: vaultName
    vaultId: vault.id
    location: vault.location
    existingSystemTopicName: existingSystemTopicName
    functionAppId: functionAppId
    tags: tags
  }
}

// Every role that Keywatch is given inside a resource group, on one page, each with its reason.
// main.bicep runs this once for its own resource group and once for each vault, where the vault is.
// (The only other role is at subscription scope: discoveryRoleAssignment.bicep.)

@description('Object id of the identity that lists metadata.')
@minLength(36)
@maxLength(36)
param scannerPrincipalId string

@description('Object id of the identity that refreshes grants.')
@minLength(36)
@maxLength(36)
param refresherPrincipalId string

@description('Object id of the identity that rotates client secrets. Empty: none.')
param rotatorPrincipalId string = ''

@description('Storage account of the app. Empty: none in this resource group.')
param storageAccountName string = ''

@description('Account of the fallback store, with its containers keywatch-fallback and keywatch-tokens. Empty: none in this resource group.')
param fallbackAccountName string = ''

@description('Application Insights resource of the app. Empty: none in this resource group.')
param componentName string = ''

@description('Vault to watch. Empty: none in this call.')
param vaultName string = ''

@description('Sealing key in the vault. Empty: the vault holds none.')
param sealingKeyName string = ''

@description('Whether the refresher may read and write grants in the vault.')
param holdsGrants bool = false

@description('Name (GUID) of the role from refresherRole.bicep in this resource group; needed when holdsGrants.')
param refresherRoleName string = ''

@description('How the name of every secret that holds a grant begins; case matters.')
@minLength(1)
param grantSecretNamePrefix string

@description('How the name of every secret that holds a rotated client secret begins; case matters.')
param rotatedSecretNamePrefix string = ''

var roleType = 'Microsoft.Authorization/roleDefinitions'

// Built-in roles, by the GUID that is the same in every tenant.
var storageBlobDataOwner = subscriptionResourceId(roleType, 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b')
var storageBlobDataContributor = subscriptionResourceId(roleType, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
var storageQueueDataContributor = subscriptionResourceId(roleType, '974c5e8b-45b9-4653-ba55-5f855dd0fb88')
var storageTableDataContributor = subscriptionResourceId(roleType, '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3')
var monitoringMetricsPublisher = subscriptionResourceId(roleType, '3913510d-42f4-4e42-8a64-420c390055eb')
var keyVaultReader = subscriptionResourceId(roleType, '21090545-7ca7-4776-b22c-e363652d74d2')
var keyVaultCryptoServiceEncryptionUser = subscriptionResourceId(roleType, 'e147488a-f6f5-4113-8e2d-b22465e65bf6')

// Azure takes the name of a vault or a resource group in any case, but refuses a second assignment of a role that it has
// given already: so the name of an assignment must not change with the case.
var groupKey = toLower(resourceGroup().id)
var vaultKey = toLower(vaultName)

// Stands for what is not in this resource group: names and scopes are worked out even where a condition is false,
// and no part of a resource id may be empty.
var absent = 'absent'

// The role says which operations, this condition says on which secrets. Reading and updating are judged by the secret
// that is there (@Resource), writing by the one that is asked for (@Request): it may not be there yet. Listing names
// and dates (readMetadata) stays outside: a listing names no single secret.
var onlySecretsOfPrefix = '((!(ActionMatches{\'Microsoft.KeyVault/vaults/secrets/getSecret/action\'}) AND !(ActionMatches{\'Microsoft.KeyVault/vaults/secrets/update/action\'})) OR (@Resource[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith \'PREFIX\')) AND ((!(ActionMatches{\'Microsoft.KeyVault/vaults/secrets/setSecret/action\'})) OR (@Request[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith \'PREFIX\'))'

resource storage 'Microsoft.Storage/storageAccounts@2025-08-01' existing = if (!empty(storageAccountName)) {
  name: empty(storageAccountName) ? absent : storageAccountName
}

resource fallback 'Microsoft.Storage/storageAccounts@2025-08-01' existing = if (!empty(fallbackAccountName)) {
  name: empty(fallbackAccountName) ? absent : fallbackAccountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource keptTokens 'containers' existing = {
      name: 'keywatch-fallback'
    }

    resource grantTokens 'containers' existing = {
      name: 'keywatch-tokens'
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = if (!empty(componentName)) {
  name: empty(componentName) ? absent : componentName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = if (!empty(vaultName)) {
  name: empty(vaultName) ? absent : vaultName

  resource sealingKey 'keys' existing = if (!empty(sealingKeyName)) {
    name: empty(sealingKeyName) ? absent : sealingKeyName
  }
}

// Why: the Functions host keeps its locks, keys and timer marks in blobs, and asks for Owner by name; the control blobs of the grants are here too.
resource hostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(storageAccountName)) {
  name: guid(groupKey, storageAccountName, refresherPrincipalId, storageBlobDataOwner)
  scope: storage
  properties: {
    roleDefinitionId: storageBlobDataOwner
    principalId: refresherPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: host storage and control blobs'
  }
}

// Why: work is fanned out over queues, and the host moves failed messages to poison queues.
resource hostQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(storageAccountName)) {
  name: guid(groupKey, storageAccountName, refresherPrincipalId, storageQueueDataContributor)
  scope: storage
  properties: {
    roleDefinitionId: storageQueueDataContributor
    principalId: refresherPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: work queues'
  }
}

// Why: the Functions host writes its own diagnostic events to a table; without it they are lost.
resource hostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(storageAccountName)) {
  name: guid(groupKey, storageAccountName, refresherPrincipalId, storageTableDataContributor)
  scope: storage
  properties: {
    roleDefinitionId: storageTableDataContributor
    principalId: refresherPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: diagnostic events of the Functions host'
  }
}

// Why: a rotated token that neither store takes is sealed into this one container, and read back from it.
resource moveToFallback 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(fallbackAccountName)) {
  name: guid(groupKey, fallbackAccountName, refresherPrincipalId, storageBlobDataContributor)
  scope: fallback::blobs::keptTokens
  properties: {
    roleDefinitionId: storageBlobDataContributor
    principalId: refresherPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: sealed tokens set aside'
  }
}

// Why: the refresh token of a grant whose access token is handed out changes too often for a vault, which keeps every version.
resource storeTokens 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(fallbackAccountName)) {
  name: guid(groupKey, fallbackAccountName, 'keywatch-tokens', refresherPrincipalId, storageBlobDataContributor)
  scope: fallback::blobs::grantTokens
  properties: {
    roleDefinitionId: storageBlobDataContributor
    principalId: refresherPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: sealed tokens of grants whose access token is handed out'
  }
}

// Why: Application Insights takes no telemetry by key (local auth is off), so somebody must be allowed to publish.
resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(componentName)) {
  name: guid(groupKey, componentName, scannerPrincipalId, monitoringMetricsPublisher)
  scope: component
  properties: {
    roleDefinitionId: monitoringMetricsPublisher
    principalId: scannerPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: publish telemetry'
  }
}

// Why: the scan lists names, dates and tags. This role has no action that returns a value.
resource scanVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(vaultName)) {
  name: guid(groupKey, vaultKey, scannerPrincipalId, keyVaultReader)
  scope: vault
  properties: {
    roleDefinitionId: keyVaultReader
    principalId: scannerPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: list metadata'
  }
}

// Why: a refresh reads the stored token and writes the next one, in this vault's grant secrets and no others.
resource refreshGrants 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (holdsGrants) {
  name: guid(groupKey, vaultKey, refresherPrincipalId, refresherRoleName)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId(roleType, refresherRoleName)
    principalId: refresherPrincipalId
    principalType: 'ServicePrincipal'
    condition: replace(onlySecretsOfPrefix, 'PREFIX', grantSecretNamePrefix)
    conditionVersion: '2.0'
    description: 'Keywatch: read and write grants'
  }
}

// Why: a rotation writes a new client secret and reads it back, in this vault's secrets of applications and no others.
resource rotateSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (holdsGrants && !empty(rotatorPrincipalId)) {
  name: guid(groupKey, vaultKey, rotatorPrincipalId, refresherRoleName)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId(roleType, refresherRoleName)
    principalId: rotatorPrincipalId
    principalType: 'ServicePrincipal'
    condition: replace(onlySecretsOfPrefix, 'PREFIX', rotatedSecretNamePrefix)
    conditionVersion: '2.0'
    description: 'Keywatch: read and write rotated client secrets'
  }
}

// Why: recovery of a sealed journal unwraps its data key; the role cannot export, delete or rotate the key, and holds for this one key.
resource unwrapRecord 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(sealingKeyName)) {
  name: guid(groupKey, vaultKey, sealingKeyName, refresherPrincipalId, keyVaultCryptoServiceEncryptionUser)
  scope: vault::sealingKey
  properties: {
    roleDefinitionId: keyVaultCryptoServiceEncryptionUser
    principalId: refresherPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: unwrap sealed journals'
  }
}

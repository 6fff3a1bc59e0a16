@description('Name of the vault, in this resource group.')
param vaultName string

@description('Resource id of the vault.')
param vaultId string

@description('Region of the vault.')
param location string

@description('System topic that the vault already has, in this resource group. Empty: one is made.')
param existingSystemTopicName string

@description('Resource id of the function app whose function vaultEvent receives the events. The function must be deployed already: Event Grid asks for it.')
param functionAppId string

@description('Tags of every resource.')
param tags { *: string }

var eventTypes = [
  'Microsoft.KeyVault.SecretNewVersionCreated'
  'Microsoft.KeyVault.SecretNearExpiry'
  'Microsoft.KeyVault.SecretExpired'
  'Microsoft.KeyVault.KeyNewVersionCreated'
  'Microsoft.KeyVault.KeyNearExpiry'
  'Microsoft.KeyVault.KeyExpired'
  'Microsoft.KeyVault.CertificateNewVersionCreated'
  'Microsoft.KeyVault.CertificateNearExpiry'
  'Microsoft.KeyVault.CertificateExpired'
]
var makeTopic = empty(existingSystemTopicName)

resource newTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (makeTopic) {
  name: 'evgt-keywatch-${vaultName}'
  location: location
  tags: tags
  properties: {
    source: vaultId
    topicType: 'Microsoft.KeyVault.vaults'
  }
}

resource existingTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = if (!makeTopic) {
  // A name that is worked out although the condition is false must not be empty.
  name: makeTopic ? 'absent' : existingSystemTopicName
}

var subscriptionName = 'keywatch-${uniqueString(toLower(functionAppId))}'
var subscriptionProperties = {
  destination: {
    endpointType: 'AzureFunction'
    properties: {
      resourceId: '${functionAppId}/functions/vaultEvent'
      maxEventsPerBatch: 1
      preferredBatchSizeInKilobytes: 64
    }
  }
  filter: {
    includedEventTypes: eventTypes
  }
  eventDeliverySchema: 'EventGridSchema'
  // An event only makes Keywatch look sooner; what is lost here the next scan sees. So: no dead-letter store.
  retryPolicy: {
    maxDeliveryAttempts: 30
    eventTimeToLiveInMinutes: 1440
  }
}

resource subscriptionOfNewTopic 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (makeTopic) {
  parent: newTopic
  name: subscriptionName
  properties: subscriptionProperties
}

resource subscriptionOfExistingTopic 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (!makeTopic) {
  parent: existingTopic
  name: subscriptionName
  properties: subscriptionProperties
}

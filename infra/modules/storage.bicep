@description('Region of the account.')
param location string

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param accountName string

@description('Tags of every resource.')
param tags { *: string }

@description('Redundancy. The control blobs are one of the two independent stores of a rotated token: prefer zones or two regions.')
param skuName string

@description('Containers to make.')
@minLength(1)
param containerNames string[]

@description('Those of them that hold sign-ins and attempts of a browser, of which the longest lasts eight hours: what nobody took is deleted after a day.')
param ticketContainerNames string[]

@description('Queues to make; the poison queue of each is made too, so that an alert can read its length from the first day.')
param queueNames string[]

@description('False: reachable through private endpoints only.')
param publicAccess bool

@description('Workspace that receives who read, wrote and deleted blobs. Empty: nobody keeps it.')
param logWorkspaceId string

var allQueueNames = flatten(map(queueNames, queueName => [
  queueName
  '${queueName}-poison'
]))

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: skuName
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    // No account key opens this account, so none can leak.
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      // Nothing of Azure's own needs a way around the endpoints: the app comes through them.
      bypass: publicAccess ? 'AzureServices' : 'None'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2025-08-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 30
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 30
    }
  }
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-08-01' = [
  for containerName in containerNames: {
    parent: blobService
    name: containerName
    properties: {
      publicAccess: 'None'
    }
  }
]

// Only of the containers that are named: a prefix begins with a container, and without the slash at its end it would
// reach those whose names are longer.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-08-01' = if (!empty(ticketContainerNames)) {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'clear-tickets'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: map(ticketContainerNames, name => '${name}/')
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 1
                }
              }
            }
          }
        }
        // A page looks back 13 months.
        {
          name: 'clear-history'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['appendBlob', 'blockBlob']
              prefixMatch: ['keywatch-board/history/']
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 400
                }
              }
            }
          }
        }
      ]
    }
  }
}

// Who read a sealed journal, or wrote one: only this log knows.
resource blobLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logWorkspaceId)) {
  name: 'keywatch-blobs'
  scope: blobService
  properties: {
    workspaceId: empty(logWorkspaceId) ? null : logWorkspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      for category in ['StorageRead', 'StorageWrite', 'StorageDelete']: {
        category: category
        enabled: true
      }
    ]
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-08-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-08-01' = [
  for queueName in allQueueNames: {
    parent: queueService
    name: queueName
  }
]

@description('Resource id of the account.')
output accountId string = account.id

@description('Name of the account.')
output accountName string = account.name

@description('Blob endpoint, with a slash at its end.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('Queue endpoint, with a slash at its end.')
output queueEndpoint string = account.properties.primaryEndpoints.queue

@description('Table endpoint, with a slash at its end.')
output tableEndpoint string = account.properties.primaryEndpoints.table

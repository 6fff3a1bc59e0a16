@description('Region of the app: one that offers Flex Consumption.')
param location string

@description('Name of the app.')
@minLength(2)
@maxLength(60)
param appName string

@description('Name of the plan.')
param planName string

@description('Tags of every resource.')
param tags { *: string }

@description('Resource id of the identity that lists metadata.')
param scannerIdentityId string

@description('Resource id of the identity that refreshes grants. The host uses it for its own storage too.')
param refresherIdentityId string

@description('Resource id of the identity that rotates client secrets. Empty: none.')
param rotatorIdentityId string

@description('Client id of the identity that refreshes grants.')
param refresherClientId string

@description('Name of the app\'s storage account.')
param storageAccountName string

@description('Blob endpoint of the app\'s storage account, with a slash at its end.')
param blobEndpoint string

@description('Queue endpoint of the app\'s storage account.')
param queueEndpoint string

@description('Table endpoint of the app\'s storage account.')
param tableEndpoint string

@description('Container that receives the deployment package.')
param deploymentContainerName string

@description('Connection string of Application Insights; an address only, local auth is off.')
param applicationInsightsConnectionString string

@description('Client id of the identity that may publish telemetry.')
param telemetryClientId string

@description('Address of the app for browsers and callers, without a slash at its end. Empty: that of the site.')
param publicUrl string

@description('Settings that Keywatch itself reads.')
param keywatchSettings { *: string }

@description('Resource id of the subnet for outbound traffic. Empty: no virtual network.')
param outboundSubnetId string

@description('Most instances at a time.')
param maximumInstanceCount int

@description('Memory of an instance.')
param instanceMemoryMB int

@description('Major version of Node.js.')
param nodeVersion string

@description('Whether the plan spreads its instances over the zones of the region.')
param zoneRedundant bool

@description('What becomes of running functions when the app is deployed or a setting changes.')
param siteUpdateStrategy string

@description('Workspace that receives the log of the host and the functions. Empty: nobody keeps it.')
param logWorkspaceId string

// On the smallest instance the host and its worker share 512 MB: unbounded, V8 lets the worker alone grow to 400.
var workerArguments = instanceMemoryMB == 512
  ? '--max-semi-space-size=16 --max-old-space-size=160'
  : '--max-semi-space-size=16'

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: appName
  location: location
  // azd finds the app of the service "keywatch" by this tag.
  tags: union(tags, { 'azd-service-name': 'keywatch' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: toObject(
      filter([scannerIdentityId, refresherIdentityId, rotatorIdentityId], id => !empty(id)),
      id => id,
      id => {}
    )
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Callers prove themselves by a token of Entra ID, which the app judges itself: the platform asks for nothing before.
    clientCertEnabled: false
    clientAffinityEnabled: false
    virtualNetworkSubnetId: empty(outboundSubnetId) ? null : outboundSubnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: refresherIdentityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      // The service takes it from this version of its interface on; the published definition does not have it.
      #disable-next-line BCP037
      siteUpdateStrategy: {
        type: siteUpdateStrategy
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
      }
    }
    // No ftpsState: Flex Consumption has no FTP at all, and wants the property left out.
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      healthCheckPath: '/api/health'
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(keywatchSettings, {
      // Garbage of a long scan is looked for early instead of filling the memory of the instance. Not NODE_OPTIONS: the
      // platform hands its settings to a Node that it started beforehand, and only these arguments make it start another.
      languageWorkers__node__arguments: workerArguments
      // Bytes. Anybody may send a body, and the host reads all of it, 100 MB at most, before a function may refuse. A
      // batch of Event Grid has 1 MB.
      FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '2097152'
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: refresherClientId
      // Both the name and the addresses: an instance that has the addresses alone may fail at its start, and the name
      // alone means the public cloud.
      AzureWebJobsStorage__accountName: storageAccountName
      AzureWebJobsStorage__blobServiceUri: blobEndpoint
      AzureWebJobsStorage__queueServiceUri: queueEndpoint
      AzureWebJobsStorage__tableServiceUri: tableEndpoint
      APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${telemetryClientId};Authorization=AAD'
      KEYWATCH_PUBLIC_URL: empty(publicUrl) ? 'https://${app.properties.defaultHostName}' : publicUrl
    })
  }

  // Publishing goes through Entra ID only; both user-name-and-password doors stay shut. The service refuses them without
  // a region, although the published definition has none.
  resource ftpCredentials 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    #disable-next-line BCP187
    location: location
    properties: {
      allow: false
    }
  }

  resource scmCredentials 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    #disable-next-line BCP187
    location: location
    properties: {
      allow: false
    }
  }
}

// When Application Insights is silent, this is what is left to ask.
resource hostLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logWorkspaceId)) {
  name: 'keywatch-host'
  scope: app
  properties: {
    workspaceId: empty(logWorkspaceId) ? null : logWorkspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'FunctionAppLogs'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the app.')
output appId string = app.id

@description('Name of the app.')
output appName string = app.name

@description('Address of the app.')
output appUrl string = 'https://${app.properties.defaultHostName}'

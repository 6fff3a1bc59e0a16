// The app and what it runs on: its two identities, its telemetry, its stores, its roles on these, and its settings.

@description('Region of everything here.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags object

@description('Workspace to use instead of a new one. Empty: a workspace is made.')
param existingWorkspaceResourceId string

@description('Days that the new workspace keeps data.')
param retentionInDays int

@description('Daily cap of the new workspace in GB; -1 is none.')
param dailyQuotaGb int

@description('Redundancy of the storage account.')
param storageSkuName string

@description('Vault that holds the sealing key, in this resource group.')
param sealingVaultName string

@description('Whether that vault is made here.')
param makeVault bool

@description('Name of the sealing key.')
param sealingKeyName string

@description('How the name of every secret that holds a grant begins.')
param grantSecretNamePrefix string

@description('True: stores behind private endpoints, outbound traffic through a virtual network.')
param privateNetworking bool

@description('Address space of that network.')
param networkAddressPrefix string

@description('Most instances of the app at a time.')
param maximumInstanceCount int

@description('Memory of an instance, in MB.')
param instanceMemoryMB int

@description('Settings of Keywatch that need nothing of what is made here.')
param keywatchSettings object

var deploymentContainerName = 'app-package'

module identities 'identities.bicep' = {
  name: 'keywatch-identities'
  params: {
    location: location
    nameSuffix: nameSuffix
    tags: tags
  }
}

module monitoring 'monitoring.bicep' = {
  name: 'keywatch-monitoring'
  params: {
    location: location
    nameSuffix: nameSuffix
    tags: tags
    existingWorkspaceResourceId: existingWorkspaceResourceId
    retentionInDays: retentionInDays
    dailyQuotaGb: dailyQuotaGb
  }
}

module stores 'stores.bicep' = {
  name: 'keywatch-stores'
  params: {
    location: location
    nameSuffix: nameSuffix
    tags: tags
    storageSkuName: storageSkuName
    deploymentContainerName: deploymentContainerName
    sealingVaultName: sealingVaultName
    makeVault: makeVault
    sealingKeyName: sealingKeyName
    privateNetworking: privateNetworking
    networkAddressPrefix: networkAddressPrefix
  }
}

module appRoles 'roleAssignments.bicep' = {
  name: 'keywatch-roles'
  params: {
    scannerPrincipalId: identities.outputs.scannerPrincipalId
    refresherPrincipalId: identities.outputs.refresherPrincipalId
    storageAccountName: stores.outputs.storageAccountName
    componentName: monitoring.outputs.componentName
    grantSecretNamePrefix: grantSecretNamePrefix
  }
}

module functionApp 'functionApp.bicep' = {
  name: 'keywatch-function-app'
  // The host stops at its first start when it may not open its own storage.
  dependsOn: [appRoles]
  params: {
    location: location
    appName: 'func-keywatch-${nameSuffix}'
    planName: 'plan-keywatch-${nameSuffix}'
    tags: tags
    scannerIdentityId: identities.outputs.scannerId
    refresherIdentityId: identities.outputs.refresherId
    refresherClientId: identities.outputs.refresherClientId
    blobEndpoint: stores.outputs.blobEndpoint
    queueEndpoint: stores.outputs.queueEndpoint
    tableEndpoint: stores.outputs.tableEndpoint
    deploymentContainerName: deploymentContainerName
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    telemetryClientId: identities.outputs.scannerClientId
    outboundSubnetId: stores.outputs.appSubnetId
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    keywatchSettings: union(keywatchSettings, {
      KEYWATCH_BLOB_SERVICE_URL: stores.outputs.blobEndpoint
      KEYWATCH_QUEUE_SERVICE_URL: stores.outputs.queueEndpoint
      KEYWATCH_SEALING_KEY_ID: stores.outputs.sealingKeyUri
      KEYWATCH_SCANNER_CLIENT_ID: identities.outputs.scannerClientId
      KEYWATCH_REFRESHER_CLIENT_ID: identities.outputs.refresherClientId
    })
  }
}

@description('Resource id of the function app.')
output appId string = functionApp.outputs.appId

@description('Name of the function app.')
output appName string = functionApp.outputs.appName

@description('Address of the function app.')
output appUrl string = functionApp.outputs.appUrl

@description('Workspace that holds the App tables.')
output workspaceId string = monitoring.outputs.workspaceId

@description('Object id of the identity that lists metadata.')
output scannerPrincipalId string = identities.outputs.scannerPrincipalId

@description('Object id of the identity that refreshes grants.')
output refresherPrincipalId string = identities.outputs.refresherPrincipalId

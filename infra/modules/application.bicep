// The app and what it runs on: its identities, its telemetry, its stores, its roles on these, and its settings.

import { networkReference } from '../types.bicep'

@description('Region of everything here.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags { *: string }

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

@description('Whether there is an identity that rotates client secrets.')
param rotates bool

@description('Whether the sign-in logs of the tenant are in the workspace.')
param signInLogs bool

@description('Whether the app asks the workspace who uses which credential.')
param readUse bool

@description('True: stores behind private endpoints, outbound traffic through a virtual network.')
param privateNetworking bool

@description('Address space of that network.')
param networkAddressPrefix string

@description('Whether that network has a NAT gateway.')
param natGateway bool

@description('Network to use instead of a new one. Absent: one is made.')
param existingNetwork networkReference?

@description('Fallback store of somebody else\'s: the address of its blob service. Empty: an account is made.')
param fallbackBlobServiceUrl string

@description('Region of the account of the fallback store.')
param fallbackLocation string

@description('Whether the logs of the app and of the storage accounts go to the workspace.')
param resourceLogs bool

@description('Most instances of the app at a time.')
param maximumInstanceCount int

@description('Memory of an instance, in MB.')
param instanceMemoryMB int

@description('Major version of Node.js.')
param nodeVersion string

@description('Whether the plan spreads its instances over the zones of the region.')
param zoneRedundant bool

@description('What becomes of running functions when the app is deployed or a setting changes.')
param siteUpdateStrategy string

@description('Address of the app for browsers and callers. Empty: that of the site.')
param publicUrl string

@description('Settings of Keywatch that need nothing of what is made here.')
param keywatchSettings { *: string }

var deploymentContainerName = 'app-package'

module identities 'identities.bicep' = {
  name: 'keywatch-identities'
  params: {
    location: location
    nameSuffix: nameSuffix
    tags: tags
    rotates: rotates
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

var makeFallback = empty(fallbackBlobServiceUrl)
var logWorkspaceId = resourceLogs ? monitoring.outputs.workspaceId : ''

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
    natGateway: natGateway
    existingNetwork: existingNetwork
    makeFallback: makeFallback
    fallbackLocation: fallbackLocation
    logWorkspaceId: logWorkspaceId
  }
}

module appRoles 'roleAssignments.bicep' = {
  name: 'keywatch-roles'
  params: {
    scannerPrincipalId: identities.outputs.scannerPrincipalId
    refresherPrincipalId: identities.outputs.refresherPrincipalId
    storageAccountName: stores.outputs.storageAccountName
    fallbackAccountName: stores.outputs.fallbackAccountName
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
    rotatorIdentityId: identities.outputs.rotatorId
    storageAccountName: stores.outputs.storageAccountName
    blobEndpoint: stores.outputs.blobEndpoint
    queueEndpoint: stores.outputs.queueEndpoint
    tableEndpoint: stores.outputs.tableEndpoint
    deploymentContainerName: deploymentContainerName
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    telemetryClientId: identities.outputs.scannerClientId
    outboundSubnetId: stores.outputs.appSubnetId
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    nodeVersion: nodeVersion
    zoneRedundant: zoneRedundant
    siteUpdateStrategy: siteUpdateStrategy
    logWorkspaceId: logWorkspaceId
    publicUrl: publicUrl
    keywatchSettings: union(keywatchSettings, {
      KEYWATCH_BLOB_SERVICE_URL: stores.outputs.blobEndpoint
      KEYWATCH_QUEUE_SERVICE_URL: stores.outputs.queueEndpoint
      KEYWATCH_FALLBACK_BLOB_SERVICE_URL: makeFallback ? stores.outputs.fallbackBlobEndpoint : fallbackBlobServiceUrl
      KEYWATCH_SEALING_KEY_ID: stores.outputs.sealingKeyUri
      KEYWATCH_SCANNER_CLIENT_ID: identities.outputs.scannerClientId
      KEYWATCH_REFRESHER_CLIENT_ID: identities.outputs.refresherClientId
      KEYWATCH_ROTATOR_CLIENT_ID: identities.outputs.rotatorClientId
      // Its name is that of workbook.bicep, which is deployed after the app.
      KEYWATCH_WORKBOOK_URL: '${environment().portal}/#resource${resourceId('Microsoft.Insights/workbooks', guid(resourceGroup().id, monitoring.outputs.workspaceId, 'keywatch-workbook'))}/workbook'
      KEYWATCH_SIGN_IN_WORKSPACE_ID: rotates && signInLogs ? monitoring.outputs.workspaceCustomerId : ''
      KEYWATCH_USE_WORKSPACE_ID: readUse ? monitoring.outputs.workspaceCustomerId : ''
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

@description('Object id of the identity that rotates client secrets. Empty: none.')
output rotatorPrincipalId string = identities.outputs.rotatorPrincipalId

@description('Client id of the identity that lists metadata.')
output scannerClientId string = identities.outputs.scannerClientId

@description('Client ids of the identities that call vaults.')
output ownClientIds string[] = identities.outputs.ownClientIds

@description('Resource id of the identity that the alert rules read logs with.')
output alertsIdentityId string = identities.outputs.alertsId

@description('Object id of the identity that the alert rules read logs with.')
output alertsPrincipalId string = identities.outputs.alertsPrincipalId

@description('Name of the Application Insights resource.')
output componentName string = monitoring.outputs.componentName

@description('Name of the storage account.')
output storageAccountName string = stores.outputs.storageAccountName

@description('Resource ids of the storage accounts that were made.')
output storageAccountIds string[] = stores.outputs.accountIds

@description('Name of the account of the fallback store. Empty: none was made.')
output fallbackAccountName string = stores.outputs.fallbackAccountName

@description('Subnet for private endpoints. Empty: no network.')
output endpointsSubnetId string = stores.outputs.endpointsSubnetId

@description('DNS zone of the private endpoints of vaults. Empty: somebody else writes their addresses.')
output vaultZoneId string = stores.outputs.vaultZoneId

@description('Address that the app goes out from. Empty: none that stays.')
output outboundAddress string = stores.outputs.outboundAddress

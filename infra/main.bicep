targetScope = 'resourceGroup'

import { vaultReference, componentReference, workspaceReference, emailReceiver, smsReceiver, logicAppReceiver, eventHubReceiver, maintenanceWindow } from 'types.bicep'

metadata name = 'Keywatch'
metadata description = 'Watches expiring credentials, refreshes OAuth grants and tells on-call in time. No shared key and no secret anywhere.'

@description('Name of this environment, such as dev or prod; part of every unique name.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Region. Only those that offer Flex Consumption; ask "az functionapp list-flexconsumption-locations" and add a new one here.')
@allowed([
  'australiaeast'
  'australiasoutheast'
  'brazilsouth'
  'canadacentral'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'japaneast'
  'koreacentral'
  'northcentralus'
  'northeurope'
  'norwayeast'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'southindia'
  'spaincentral'
  'swedencentral'
  'uaenorth'
  'uksouth'
  'ukwest'
  'westcentralus'
  'westeurope'
  'westus'
  'westus2'
  'westus3'
])
@metadata({ azd: { type: 'location' } })
param location string

@description('Tags of every resource.')
param tags object = {}

@description('Vaults that exist already, in any resource group and subscription of the tenant. Each must use RBAC: "npm run check" says which does not.')
param existingVaults vaultReference[] = []

@description('RBAC vault in this resource group that holds the sealing key and may hold grants. Empty: a vault is made.')
@maxLength(24)
param existingSealingVaultName string = ''

@description('Name of the key that seals the journal of rotated tokens.')
@minLength(1)
@maxLength(127)
param sealingKeyName string = 'keywatch-seal'

@description('How the name of every secret that holds a grant begins, in this very case; the refresher can touch no other secret.')
@minLength(3)
@maxLength(64)
param grantSecretNamePrefix string = 'oauth-'

@description('Subscriptions whose vaults are all found and scanned. The scanner becomes Key Vault Reader on each.')
param discoverySubscriptionIds string[] = []

@description('Path of the config file inside the package, from the folder of host.json.')
@minLength(1)
param configFile string = 'keywatch.config.json'

@description('When vaults are scanned: NCRONTAB of six fields, UTC.')
@minLength(11)
param scanSchedule string = '0 7 * * * *'

@description('Seconds that the scan of one vault may take.')
@minValue(10)
@maxValue(1400)
param scanTimeoutSeconds int = 1200

@description('Hour (UTC) after which the first scan of the day tells of every credential: the one setting that matters most for cost.')
@minValue(0)
@maxValue(23)
param inventoryHourUtc int = 5

@description('Blob service of another storage account, best in another region, for a sealed token that neither the vault nor this deployment\'s storage takes: its https address, as the portal shows it under Endpoints. Give the refresher identity Storage Blob Data Contributor on it. Empty: the storage of this deployment.')
param orphanBlobServiceUrl string = ''

@description('When grants are looked through for those that are due: NCRONTAB of six fields, UTC.')
@minLength(11)
param refreshSchedule string = '30 3,13,23,33,43,53 * * * *'

@description('Redundancy of the storage account; zones where the region has them.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param storageSkuName string = 'Standard_ZRS'

@description('Most instances of the app at a time.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Memory of an instance of the app, in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('Full resource id of a Log Analytics workspace to use, which may be in another subscription of the tenant. Empty: one is made.')
param existingWorkspaceResourceId string = ''

@description('Region of that workspace: a log alert rule lives in the region of what it reads. Empty: location.')
param existingWorkspaceLocation string = ''

@description('Days that the new workspace keeps data.')
@minValue(30)
@maxValue(730)
param retentionInDays int = 30

@description('Daily cap of the new workspace in GB; -1 is none. A cap that is reached silences the alerts too.')
@minValue(-1)
param dailyQuotaGb int = -1

@description('Who is told by mail.')
param emailReceivers emailReceiver[] = []

@description('Who is told by SMS.')
param smsReceivers smsReceiver[] = []

@description('Webhooks, such as a PagerDuty integration address: an object of name to https address. Secure, because the address often is the key.')
@secure()
param webhooks object = {}

@description('Logic Apps that are run.')
param logicAppReceivers logicAppReceiver[] = []

@description('Event hubs that receive every alert.')
param eventHubReceivers eventHubReceiver[] = []

@description('Action groups that exist already and are told as well.')
param existingActionGroupIds string[] = []

@description('When nobody is told. Absent: no maintenance window.')
param maintenance maintenanceWindow?

@description('Application Insights resources of others whose 401s the unauthorized rules watch too.')
param watchedComponents componentReference[] = []

@description('Workspaces of others whose 401s the unauthorized rules watch too.')
param watchedWorkspaces workspaceReference[] = []

@description('What stands before each runbook path in an alert: the address of your copy of the repository, with a slash at its end.')
param runbookBaseUrl string = ''

@description('True: storage and the new vault are reachable through private endpoints only, and the app sends its traffic through a virtual network.')
param privateNetworking bool = false

@description('Address space of that network, at least a /24.')
param networkAddressPrefix string = '10.90.0.0/24'

@description('True: vault events reach the function vaultEvent. The function must be deployed first, so the first deployment says false.')
param subscribeToVaultEvents bool = false

var hasReceivers = !empty(emailReceivers) || !empty(smsReceivers) || !empty(webhooks) || !empty(logicAppReceivers) || !empty(eventHubReceivers)
var isToldNowhere = !hasReceivers && empty(existingActionGroupIds)
var hasPlainWebhook = !empty(filter(items(webhooks), webhook => !startsWith(string(webhook.value), 'https://')))
var hasBadWorkspace = !empty(existingWorkspaceResourceId) && !contains(toLower(existingWorkspaceResourceId), '/providers/microsoft.operationalinsights/workspaces/')

// Every module's name runs through these refusals, so that nothing is deployed when one of them speaks.
var told = isToldNowhere ? fail('Nobody would be told of an alert: give at least one of emailReceivers, smsReceivers, webhooks, logicAppReceivers, eventHubReceivers, existingActionGroupIds.') : 'keywatch'
var safe = hasPlainWebhook ? fail('Every address in webhooks must begin with https://.') : told
var prefix = hasBadWorkspace ? fail('existingWorkspaceResourceId must be a full resource id: /subscriptions/…/providers/Microsoft.OperationalInsights/workspaces/NAME.') : safe

var token = uniqueString(resourceGroup().id, environmentName)
var allTags = union(tags, { 'azd-env-name': environmentName, application: 'keywatch' })
var makeVault = empty(existingSealingVaultName)
var sealingVaultName = makeVault ? 'kv-kw-${token}' : existingSealingVaultName
var storageAccountName = 'stkeywatch${token}'
var deploymentContainerName = 'app-package'
var controlContainerName = 'keywatch-control'

// Every vault with every place filled in, the one that holds the sealing key included.
var placedVaults = map(existingVaults, vault => {
  name: vault.name
  subscriptionId: vault.?subscriptionId ?? subscription().subscriptionId
  resourceGroup: vault.?resourceGroup ?? resourceGroup().name
  holdsGrants: vault.?holdsGrants ?? false
  diagnostics: vault.?diagnostics ?? true
  systemTopicName: vault.?systemTopicName ?? ''
  sealingKeyName: ''
})
var sealingVault = {
  name: sealingVaultName
  subscriptionId: subscription().subscriptionId
  resourceGroup: resourceGroup().name
  holdsGrants: true
  diagnostics: true
  systemTopicName: ''
  sealingKeyName: sealingKeyName
}
var vaults = concat(placedVaults, [sealingVault])
var grantVaults = filter(vaults, vault => vault.holdsGrants)
var grantGroups = union(map(grantVaults, vault => toLower('${vault.subscriptionId}/${vault.resourceGroup}')), [])
// One seed for the role where it is made and where it is assigned.
var refresherRoleSeed = 'keywatch-refresher-${token}'
var vaultAddresses = map(vaults, vault => 'https://${vault.name}${environment().suffixes.keyvaultDns}')

module identities 'modules/identities.bicep' = {
  name: '${prefix}-identities'
  params: {
    location: location
    nameSuffix: token
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: '${prefix}-monitoring'
  params: {
    location: location
    nameSuffix: token
    tags: allTags
    existingWorkspaceResourceId: existingWorkspaceResourceId
    retentionInDays: retentionInDays
    dailyQuotaGb: dailyQuotaGb
  }
}

module storage 'modules/storage.bicep' = {
  name: '${prefix}-storage'
  params: {
    location: location
    accountName: storageAccountName
    tags: allTags
    skuName: storageSkuName
    containerNames: [deploymentContainerName, controlContainerName, 'keywatch-orphans']
    queueNames: ['keywatch-scan', 'keywatch-refresh']
    publicAccess: !privateNetworking
  }
}

module keyVault 'modules/keyVault.bicep' = if (makeVault) {
  name: '${prefix}-vault'
  params: {
    location: location
    vaultName: sealingVaultName
    tags: allTags
    publicAccess: !privateNetworking
  }
}

module sealingKey 'modules/sealingKey.bicep' = {
  name: '${prefix}-sealing-key'
  dependsOn: [keyVault]
  params: {
    vaultName: sealingVaultName
    keyName: sealingKeyName
  }
}

module refresherRoles 'modules/refresherRole.bicep' = [for group in grantGroups: {
  name: '${prefix}-role-${uniqueString(group)}'
  scope: resourceGroup(split(group, '/')[0], split(group, '/')[1])
  params: {
    roleName: guid(group, refresherRoleSeed)
  }
}]

module appRoles 'modules/roleAssignments.bicep' = {
  name: '${prefix}-roles'
  params: {
    scannerPrincipalId: identities.outputs.scannerPrincipalId
    refresherPrincipalId: identities.outputs.refresherPrincipalId
    storageAccountName: storage.outputs.accountName
    componentName: monitoring.outputs.componentName
    grantSecretNamePrefix: grantSecretNamePrefix
  }
}

module vaultRoles 'modules/roleAssignments.bicep' = [for vault in vaults: {
  name: '${prefix}-roles-${uniqueString(vault.subscriptionId, vault.resourceGroup, vault.name)}'
  scope: resourceGroup(vault.subscriptionId, vault.resourceGroup)
  dependsOn: [refresherRoles, sealingKey]
  params: {
    scannerPrincipalId: identities.outputs.scannerPrincipalId
    refresherPrincipalId: identities.outputs.refresherPrincipalId
    vaultName: vault.name
    sealingKeyName: vault.sealingKeyName
    holdsGrants: vault.holdsGrants
    refresherRoleName: guid(toLower('${vault.subscriptionId}/${vault.resourceGroup}'), refresherRoleSeed)
    grantSecretNamePrefix: grantSecretNamePrefix
  }
}]

module discoveryRoles 'modules/discoveryRoleAssignment.bicep' = [for id in discoverySubscriptionIds: {
  name: '${prefix}-discovery-${uniqueString(id)}'
  scope: subscription(id)
  params: {
    scannerPrincipalId: identities.outputs.scannerPrincipalId
  }
}]

module network 'modules/network.bicep' = if (privateNetworking) {
  name: '${prefix}-network'
  params: {
    location: location
    networkName: 'vnet-keywatch-${token}'
    tags: allTags
    addressPrefix: networkAddressPrefix
  }
}

var storageServices = ['blob', 'queue', 'table']

module storageEndpoints 'modules/privateEndpoint.bicep' = [for (service, i) in storageServices: if (privateNetworking) {
  name: '${prefix}-endpoint-${service}'
  params: {
    location: location
    endpointName: 'pep-keywatch-${service}-${token}'
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: storage.outputs.accountId
    groupId: service
    zoneId: network!.outputs.zoneIds[i]
  }
}]

module vaultEndpoint 'modules/privateEndpoint.bicep' = if (privateNetworking && makeVault) {
  name: '${prefix}-endpoint-vault'
  params: {
    location: location
    endpointName: 'pep-keywatch-vault-${token}'
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: keyVault!.outputs.vaultId
    groupId: 'vault'
    zoneId: network!.outputs.zoneIds[3]
  }
}

module functionApp 'modules/functionApp.bicep' = {
  name: '${prefix}-app'
  // The host stops at its first start when it may not open its own storage.
  dependsOn: [appRoles, storageEndpoints]
  params: {
    location: location
    appName: 'func-keywatch-${token}'
    planName: 'plan-keywatch-${token}'
    tags: allTags
    scannerIdentityId: identities.outputs.scannerId
    refresherIdentityId: identities.outputs.refresherId
    refresherClientId: identities.outputs.refresherClientId
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    tableEndpoint: storage.outputs.tableEndpoint
    deploymentContainerName: deploymentContainerName
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    telemetryClientId: identities.outputs.scannerClientId
    outboundSubnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    keywatchSettings: {
      KEYWATCH_VAULTS: join(vaultAddresses, ',')
      KEYWATCH_SUBSCRIPTIONS: join(discoverySubscriptionIds, ',')
      KEYWATCH_CONFIG_FILE: configFile
      KEYWATCH_SCAN_SCHEDULE: scanSchedule
      KEYWATCH_SCAN_TIMEOUT_SECONDS: string(scanTimeoutSeconds)
      KEYWATCH_INVENTORY_HOUR_UTC: string(inventoryHourUtc)
      KEYWATCH_REFRESH_SCHEDULE: refreshSchedule
      KEYWATCH_BLOB_SERVICE_URL: storage.outputs.blobEndpoint
      KEYWATCH_ORPHAN_BLOB_SERVICE_URL: orphanBlobServiceUrl
      KEYWATCH_QUEUE_SERVICE_URL: storage.outputs.queueEndpoint
      KEYWATCH_SEALING_KEY_ID: sealingKey.outputs.keyUri
      KEYWATCH_SCANNER_CLIENT_ID: identities.outputs.scannerClientId
      KEYWATCH_REFRESHER_CLIENT_ID: identities.outputs.refresherClientId
    }
  }
}

module diagnostics 'modules/vaultDiagnostics.bicep' = [for vault in vaults: if (vault.diagnostics) {
  name: '${prefix}-audit-${uniqueString(vault.subscriptionId, vault.resourceGroup, vault.name)}'
  scope: resourceGroup(vault.subscriptionId, vault.resourceGroup)
  dependsOn: [keyVault]
  params: {
    vaultName: vault.name
    workspaceId: monitoring.outputs.workspaceId
  }
}]

module vaultEvents 'modules/eventGrid.bicep' = [for vault in vaults: if (subscribeToVaultEvents) {
  name: '${prefix}-events-${uniqueString(vault.subscriptionId, vault.resourceGroup, vault.name)}'
  scope: resourceGroup(vault.subscriptionId, vault.resourceGroup)
  dependsOn: [keyVault]
  params: {
    vaultName: vault.name
    existingSystemTopicName: vault.systemTopicName
    functionAppId: functionApp.outputs.appId
    tags: allTags
  }
}]

module actionGroup 'modules/actionGroup.bicep' = if (hasReceivers) {
  name: '${prefix}-action-group'
  params: {
    groupName: 'ag-keywatch-${token}'
    shortName: 'keywatch'
    tags: allTags
    emailReceivers: emailReceivers
    smsReceivers: smsReceivers
    webhooks: webhooks
    logicAppReceivers: logicAppReceivers
    eventHubReceivers: eventHubReceivers
  }
}

var ownActionGroupIds = hasReceivers ? [actionGroup!.outputs.groupId] : []
var actionGroupIds = concat(existingActionGroupIds, ownActionGroupIds)
var workspaceLocation = empty(existingWorkspaceLocation) ? location : existingWorkspaceLocation

module alerts 'modules/alerts.bicep' = {
  name: '${prefix}-alerts'
  params: {
    location: workspaceLocation
    nameSuffix: token
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupIds: actionGroupIds
    runbookBaseUrl: runbookBaseUrl
  }
}

// The 401s of others: the same two rules over their workspaces.
var unauthorizedRules = ['requests-401-spike', 'dependencies-401-spike']

module watched 'modules/watchedComponent.bicep' = [for component in watchedComponents: {
  name: '${prefix}-watched-${uniqueString(component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)}'
  scope: resourceGroup(component.?subscriptionId ?? subscription().subscriptionId, component.?resourceGroup ?? resourceGroup().name)
  params: {
    componentName: component.name
  }
}]

module componentAlerts 'modules/alerts.bicep' = [for (component, i) in watchedComponents: {
  name: '${prefix}-alerts-${uniqueString(component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)}'
  params: {
    location: watched[i].outputs.location
    nameSuffix: uniqueString(token, component.?subscriptionId ?? '', component.?resourceGroup ?? '', component.name)
    tags: allTags
    workspaceId: watched[i].outputs.workspaceId
    actionGroupIds: actionGroupIds
    ruleNames: unauthorizedRules
    runbookBaseUrl: runbookBaseUrl
  }
}]

module workspaceAlerts 'modules/alerts.bicep' = [for workspace in watchedWorkspaces: {
  name: '${prefix}-alerts-${uniqueString(workspace.resourceId)}'
  params: {
    location: workspace.location
    nameSuffix: uniqueString(token, workspace.resourceId)
    tags: allTags
    workspaceId: workspace.resourceId
    actionGroupIds: actionGroupIds
    ruleNames: unauthorizedRules
    runbookBaseUrl: runbookBaseUrl
  }
}]

module maintenanceRule 'modules/maintenanceWindow.bicep' = if (maintenance != null) {
  name: '${prefix}-maintenance'
  params: {
    ruleName: 'keywatch-maintenance-${token}'
    tags: allTags
    window: maintenance!
  }
}

module workbook 'modules/workbook.bicep' = {
  name: '${prefix}-workbook'
  params: {
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
  }
}

@description('Name of the function app, for azd and for the deployment of the package.')
output AZURE_FUNCTION_NAME string = functionApp.outputs.appName

@description('Address of the app; whether it is configured to work is said at /api/health.')
output KEYWATCH_URL string = functionApp.outputs.appUrl

@description('Workspace that the queries and the workbook read.')
output KEYWATCH_WORKSPACE_ID string = monitoring.outputs.workspaceId

@description('Object id of the scanner, for roles that you give it yourself.')
output KEYWATCH_SCANNER_PRINCIPAL_ID string = identities.outputs.scannerPrincipalId

@description('Vault that holds the sealing key.')
output KEYWATCH_VAULT_NAME string = sealingVaultName

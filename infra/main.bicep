targetScope = 'resourceGroup'

import {
  vaultReference
  componentReference
  workspaceReference
  receiverLists
  routineReceivers
  isAnybody
  maintenanceWindow
  networkReference
  alertOptions
} from 'types.bicep'

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
param tags { *: string } = {}

@description('Vaults that exist already, in any resource group and subscription of the tenant. Each must use RBAC: "npm run check" says which does not.')
param existingVaults vaultReference[] = []

@description('RBAC vault in this resource group that holds the sealing key and may hold grants. Empty: a vault is made. To say more about it, name it among existingVaults too.')
@maxLength(24)
param existingSealingVaultName string = ''

@description('Name of the key that seals the control record of rotated tokens.')
@minLength(1)
@maxLength(127)
param sealingKeyName string = 'keywatch-seal'

@description('How the name of every secret that holds a grant begins, in this very case; the refresher can touch no other secret.')
@minLength(3)
@maxLength(64)
param grantSecretNamePrefix string = 'oauth-'

@description('True: an identity is made that rotates client secrets of applications in Entra ID which it owns, and writes them into vaults that hold grants. What it needs in Entra ID no template can give: docs/deploy.md.')
param rotateClientSecrets bool = false

@description('How the name of every secret begins that holds a rotated client secret, in this very case; the rotator can touch no other. It begins with grantSecretNamePrefix and is longer: the refresher proves what it reads there, and a grant must not be the rotator\'s to write.')
@minLength(4)
@maxLength(68)
param rotatedSecretNamePrefix string = '${grantSecretNamePrefix}app-'

@description('Subscriptions whose vaults are all found and scanned. The scanner becomes Key Vault Reader on each.')
param discoverySubscriptionIds string[] = []

@description('Path of the config file inside the package, from the folder of host.json.')
@minLength(1)
param configFile string = 'keywatch.config.json'

@description('When vaults are scanned: NCRONTAB of six fields, UTC.')
@minLength(11)
param scanSchedule string = '0 7 * * * *'

@description('Address of the app under a domain of yours, https:// and a host: what links in alerts and the redirect addresses at providers begin with. Empty: that of the site. The domain itself is bound to the site by hand: docs/deploy.md.')
param publicUrl string = ''

@description('Seconds that the scan of one vault may take.')
@minValue(10)
@maxValue(1400)
param scanTimeoutSeconds int = 1200

@description('Hour (UTC) after which the first scan of the day reports every credential: the one setting that matters most for cost.')
@minValue(0)
@maxValue(23)
param dailyReportHourUtc int = 5

@description('Blob service of a storage account of yours for a sealed token that neither the vault nor this deployment\'s storage takes: its https address, as the portal shows it under Endpoints. Make the containers keywatch-fallback and keywatch-tokens in it, and give the refresher identity Storage Blob Data Contributor on both. Empty: an account is made.')
param fallbackBlobServiceUrl string = ''

@description('Region of that account when it is made: another one, so that one region cannot take both. The default is the region that location is paired with; where that is not open to everybody or there is none, a neighbour in the European Union, or else location itself.')
param fallbackLocation string = loadJsonContent('fallbackLocations.json')[location]

@description('When grants are looked through for those that are due: NCRONTAB of six fields, UTC.')
@minLength(11)
param refreshSchedule string = '30 3,13,23,33,43,53 * * * *'

@description('When clients are proven by getting a token: NCRONTAB of six fields, UTC. How long a revoked secret goes unnoticed at most.')
@minLength(11)
param proofSchedule string = '45 8,38 * * * *'

@description('Redundancy of the storage account. Zones; where the region has none, the region that it is paired with.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSkuName string = contains(
    ['australiasoutheast', 'northcentralus', 'southindia', 'ukwest', 'westcentralus', 'westus'],
    location
  )
  ? 'Standard_GRS'
  : 'Standard_ZRS'

@description('Most instances of the app at a time.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Memory of an instance of the app, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Major version of Node.js; "az functionapp list-flexconsumption-runtimes" says which your region offers.')
@allowed(['22', '24'])
param nodeVersion string = '24'

@description('True: the instances of the app are spread over the zones of the region, where it has some.')
param zoneRedundant bool = false

@description('What becomes of running functions when the app is deployed or a setting changes. Recreate: they are ended. RollingUpdate (preview): they have an hour to end.')
@allowed(['Recreate', 'RollingUpdate'])
param siteUpdateStrategy string = 'Recreate'

@description('True: the log of the host, and who read and wrote blobs, go to the workspace.')
param resourceLogs bool = true

@description('Full resource id of a Log Analytics workspace to use, which may be in another subscription of the tenant. Empty: one is made.')
param existingWorkspaceResourceId string = ''

@description('Region of that workspace: a log alert rule lives in the region of what it reads. Empty: location.')
param existingWorkspaceLocation string = ''

@description('True: functions that give people what the alert rules know (KeywatchCredentials, KeywatchGrants and others) are saved in the workspace. Into one that exists already the deploying identity must be allowed to write them.')
param saveFunctions bool = empty(existingWorkspaceResourceId)

@description('Days that the new workspace keeps data.')
@minValue(30)
@maxValue(730)
param retentionInDays int = 30

@description('Daily cap of the new workspace in GB; -1 is none. A cap that is reached silences the alerts too.')
@minValue(-1)
param dailyQuotaGb int = -1

@description('True: the identity of the alert rules becomes Log Analytics Reader on each workspace that they read. False: whoever owns the workspaces gives it that role, by the output KEYWATCH_ALERTS_PRINCIPAL_ID; until then the rules read nothing.')
param assignLogReader bool = true

@description('True: the board says who uses which credential, by the logs in the workspace (docs/board.md, "Used by"): the scanner becomes Log Analytics Reader on it, which assignLogReader: false leaves to whoever owns it.')
param readUse bool = false

@description('True: alert rules are stored in the storage that the workspace names for that, as a policy on customer-managed keys may demand.')
param checkWorkspaceAlertsStorageConfigured bool = false

@description('Who is notified of alerts: by mail, SMS or a call, a Logic App, an event hub.')
param receivers receiverLists = {}

@description('Webhooks, such as a PagerDuty integration address: an object of name to https address. Secure, because the address often is the key.')
@secure()
param webhooks { *: string } = {}

@description('Webhooks that are told of severity 0 and 1 only, in the same form.')
@secure()
param urgentWebhooks { *: string } = {}

@description('Action groups that exist already and are reported everything. An alert rule calls five at most, the one of the receivers above included.')
@maxLength(5)
param existingActionGroupIds string[] = []

@description('Action groups that exist already and are told of severity 0 and 1.')
@maxLength(5)
param existingUrgentActionGroupIds string[] = []

@description('True: the app is asked from outside, every quarter of an hour, whether it works. The default waits until it is there, as subscribeToVaultEvents does: the question would find none, and would start its first scan too early.')
param healthTest bool = subscribeToVaultEvents ? environment().name == 'AzureCloud' : false

@description('When nobody is told of severity 2 to 4. Absent: no maintenance window.')
param maintenance maintenanceWindow?

@description('Application Insights resources of others whose 401s the unauthorized rules watch too.')
param watchedComponents componentReference[] = []

@description('Workspaces of others whose 401s the unauthorized rules watch too.')
param watchedWorkspaces workspaceReference[] = []

@description('What stands before each runbook path in an alert: the address of your copy of the repository, with a slash at its end.')
param runbookBaseUrl string = ''

@description('What the alert rules tell, and when, where it is not the usual.')
param alerts alertOptions = {}

@description('True: storage and the new vault are reachable through private endpoints only, and the app sends its traffic through a virtual network.')
param privateNetworking bool = false

@description('Address space of that network. One half is for the instances of the app, one for private endpoints.')
param networkAddressPrefix string = '10.90.0.0/23'

@description('True: with a network of its own the app goes out by a NAT gateway, from one address that stays.')
param natGateway bool = true

@description('Network, subnets and DNS zones to use for privateNetworking instead of new ones.')
param existingNetwork networkReference?

@description('True: vault events reach the function vaultEvent. The function must be deployed first, so the first deployment says false.')
param subscribeToVaultEvents bool = false

var hasRoutineReceivers = isAnybody(routineReceivers(receivers)) || !empty(webhooks)
var hasReceivers = hasRoutineReceivers || isAnybody(receivers) || !empty(urgentWebhooks)
var hasTooManyGroups = length(concat(existingActionGroupIds, existingUrgentActionGroupIds, hasReceivers ? ['own'] : [])) > 5
var hasPlainWebhook = !empty(filter(
  concat(items(webhooks), items(urgentWebhooks)),
  webhook => !startsWith(webhook.value, 'https://')
))
var listedVaults = map(existingVaults, vault => toLower(vault.name))
var hasNamelessVault = !empty(filter(existingVaults, vault => length(vault.name) < 3))
var badSubscriptionIds = filter(
  discoverySubscriptionIds,
  id => join(map(split(id, '-'), part => string(length(part))), '-') != '8-4-4-4-12'
)
var workspaceIds = concat(
  empty(existingWorkspaceResourceId) ? [] : [existingWorkspaceResourceId],
  map(watchedWorkspaces, workspace => workspace.resourceId)
)
var lowerWorkspaceIds = map(workspaceIds, id => toLower(id))
var typedIds = concat(
  map(workspaceIds, id => { id: id, type: 'microsoft.operationalinsights/workspaces' }),
  map(
    concat(existingActionGroupIds, existingUrgentActionGroupIds),
    id => { id: id, type: 'microsoft.insights/actiongroups' }
  )
)
var splitIds = map(typedIds, each => { id: each.id, type: each.type, parts: split(toLower(each.id), '/') })
// None of its parts may be empty, and without its three names it says of what kind it is.
var badIds = filter(
  splitIds,
  each =>
    length(each.parts) != 9 || contains(skip(each.parts, 1), '') || join(
      concat(take(each.parts, 2), take(skip(each.parts, 3), 1), take(skip(each.parts, 5), 3)),
      '/'
    ) != '/subscriptions/resourcegroups/providers/${each.type}'
)
var badSubnetIds = filter(
  [existingNetwork.?appSubnetId ?? '', existingNetwork.?endpointsSubnetId ?? ''],
  id =>
    length(split(id, '/')) != 11 || !contains(toLower(id), '/providers/microsoft.network/virtualnetworks/') || contains(
      skip(split(id, '/'), 1),
      ''
    )
)
// Half of the network is the app's, and Azure keeps five addresses of each subnet; the smallest subnet is a /29.
var appAddresses = [2043, 1019, 507, 251, 123, 59, 27, 11, 3][max(0, min(8, parseCidr(networkAddressPrefix).cidr - 20))]

var refusals = filter(
  [
    !hasRoutineReceivers && empty(existingActionGroupIds)
      ? 'Nobody would be notified of an alert of severity 2 to 4 (SMS, calls and what is urgent only are for severity 0 and 1): name somebody in receivers, webhooks or existingActionGroupIds.'
      : ''
    hasTooManyGroups
      ? 'An alert rule calls five action groups at most: with receivers of your own, give four of existingActionGroupIds and existingUrgentActionGroupIds together, or fewer.'
      : ''
    !empty(publicUrl) && (!startsWith(publicUrl, 'https://') || length(publicUrl) < 9 || length(split(publicUrl, '/')) != 3 || contains(
        publicUrl,
        '?'
      ) || contains(publicUrl, '#') || contains(publicUrl, '@'))
      ? 'publicUrl must be https:// and a host, such as https://keywatch.contoso.example, without a path or a slash at its end, and this is not: ${publicUrl}'
      : ''
    hasPlainWebhook ? 'Every address in webhooks and urgentWebhooks must begin with https://.' : ''
    length(union(listedVaults, [])) < length(listedVaults) ? 'existingVaults names a vault twice (in Azure the case of letters makes no difference): say everything about it in one place.' : ''
    hasNamelessVault
      ? 'Each of existingVaults needs the name of a vault, of 3 to 24 characters; where they come from KEYWATCH_VAULT_IDS, that must hold full resource ids, /subscriptions/…/providers/Microsoft.KeyVault/vaults/NAME, separated by commas.'
      : ''
    !empty(badSubscriptionIds)
      ? 'Each of discoverySubscriptionIds must be the id of a subscription, a GUID, and this is not: ${join(badSubscriptionIds, ', ')}'
      : ''
    !empty(badIds)
      ? 'existingWorkspaceResourceId, each resourceId in watchedWorkspaces and each of existingActionGroupIds and existingUrgentActionGroupIds must be a full resource id, /subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/NAME or …/Microsoft.Insights/actionGroups/NAME, and this is not: ${join(map(badIds, each => each.id), ', ')}'
      : ''
    length(union(lowerWorkspaceIds, [])) < length(lowerWorkspaceIds) ? 'watchedWorkspaces names a workspace twice, or existingWorkspaceResourceId, whose 401s are watched anyhow (in Azure the case of letters makes no difference): each 401 spike would be reported twice.' : ''
    !privateNetworking && existingNetwork != null
      ? 'existingNetwork is for privateNetworking: true, which is not said.'
      : ''
    existingNetwork != null && !empty(badSubnetIds)
      ? 'appSubnetId and endpointsSubnetId of existingNetwork must be full resource ids, /subscriptions/…/providers/Microsoft.Network/virtualNetworks/NAME/subnets/NAME, and this is not: ${join(badSubnetIds, ', ')}'
      : ''
    !privateNetworking && !empty(filter(existingVaults, vault => vault.?privateEndpoint ?? false))
      ? 'A privateEndpoint of existingVaults needs privateNetworking: without it there is no network for it to stand in.'
      : ''
    rotateClientSecrets && (!startsWith(rotatedSecretNamePrefix, grantSecretNamePrefix) || rotatedSecretNamePrefix == grantSecretNamePrefix)
      ? 'rotatedSecretNamePrefix must begin with grantSecretNamePrefix (${grantSecretNamePrefix}) and be longer, and this is not: ${rotatedSecretNamePrefix}'
      : ''
    privateNetworking && existingNetwork == null && maximumInstanceCount > appAddresses
      ? 'networkAddressPrefix ${networkAddressPrefix} leaves ${appAddresses} addresses to the instances of the app, and maximumInstanceCount allows ${maximumInstanceCount}: give a larger one, such as a /23 for 251, or allow fewer.'
      : ''
  ],
  words => !empty(words)
)
// The name of every module begins with it, so that nothing is deployed when there is a refusal.
var prefix = empty(refusals) ? 'keywatch' : fail(join(refusals, ' '))

var token = uniqueString(toLower(resourceGroup().id), environmentName)
var allTags = union(tags, { 'azd-env-name': environmentName, application: 'keywatch' })
var sealingVaultName = empty(existingSealingVaultName) ? 'kv-kw-${token}' : existingSealingVaultName
var sealingVaultKey = toLower(sealingVaultName)
var vaultNames = union(listedVaults, [sealingVaultKey])

var deploymentContainerName = 'app-package'
var makeFallback = empty(fallbackBlobServiceUrl)
var logWorkspaceId = resourceLogs ? monitoring.outputs.workspaceId : ''

module identities 'modules/identities.bicep' = {
  name: '${prefix}-identities'
  params: {
    location: location
    nameSuffix: token
    tags: allTags
    rotates: rotateClientSecrets
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

module stores 'modules/stores.bicep' = {
  name: '${prefix}-stores'
  params: {
    location: location
    nameSuffix: token
    tags: allTags
    storageSkuName: storageSkuName
    deploymentContainerName: deploymentContainerName
    sealingVaultName: sealingVaultName
    makeVault: empty(existingSealingVaultName)
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

module appRoles 'modules/roleAssignments.bicep' = {
  name: '${prefix}-roles'
  params: {
    scannerPrincipalId: identities.outputs.scannerPrincipalId
    refresherPrincipalId: identities.outputs.refresherPrincipalId
    storageAccountName: stores.outputs.storageAccountName
    fallbackAccountName: stores.outputs.fallbackAccountName
    componentName: monitoring.outputs.componentName
    grantSecretNamePrefix: grantSecretNamePrefix
  }
}

var chosenSettings = {
  KEYWATCH_VAULTS: join(map(vaultNames, name => 'https://${name}${environment().suffixes.keyvaultDns}'), ',')
  KEYWATCH_SUBSCRIPTIONS: join(discoverySubscriptionIds, ',')
  KEYWATCH_CONFIG_FILE: configFile
  KEYWATCH_SCAN_SCHEDULE: scanSchedule
  KEYWATCH_SCAN_TIMEOUT_SECONDS: string(scanTimeoutSeconds)
  KEYWATCH_DAILY_REPORT_HOUR_UTC: string(dailyReportHourUtc)
  KEYWATCH_REFRESH_SCHEDULE: refreshSchedule
  KEYWATCH_PROOF_SCHEDULE: proofSchedule
  KEYWATCH_RUNBOOK_BASE_URL: runbookBaseUrl
}
var readsSignInLogs = rotateClientSecrets && (alerts.?signInLogs ?? false)

module functionApp 'modules/functionApp.bicep' = {
  name: '${prefix}-function-app'
  // The host stops at its first start when it may not open its own storage.
  dependsOn: [appRoles]
  params: {
    location: location
    appName: 'func-keywatch-${token}'
    planName: 'plan-keywatch-${token}'
    tags: allTags
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
    keywatchSettings: union(chosenSettings, {
      KEYWATCH_BLOB_SERVICE_URL: stores.outputs.blobEndpoint
      KEYWATCH_QUEUE_SERVICE_URL: stores.outputs.queueEndpoint
      KEYWATCH_FALLBACK_BLOB_SERVICE_URL: makeFallback ? stores.outputs.fallbackBlobEndpoint : fallbackBlobServiceUrl
      KEYWATCH_SEALING_KEY_ID: stores.outputs.sealingKeyUri
      KEYWATCH_SCANNER_CLIENT_ID: identities.outputs.scannerClientId
      KEYWATCH_REFRESHER_CLIENT_ID: identities.outputs.refresherClientId
      KEYWATCH_ROTATOR_CLIENT_ID: identities.outputs.rotatorClientId
      // Its name is that of workbook.bicep, which is deployed after the app.
      KEYWATCH_WORKBOOK_URL: '${environment().portal}/#resource${resourceId('Microsoft.Insights/workbooks', guid(toLower(resourceGroup().id), toLower(monitoring.outputs.workspaceId), 'keywatch-workbook'))}/workbook'
      KEYWATCH_SIGN_IN_WORKSPACE_ID: readsSignInLogs ? monitoring.outputs.workspaceCustomerId : ''
      KEYWATCH_USE_WORKSPACE_ID: readUse ? monitoring.outputs.workspaceCustomerId : ''
    })
  }
}

module vaultAccess 'modules/vaultAccess.bicep' = {
  name: '${prefix}-vault-access'
  params: {
    nameSuffix: token
    tags: allTags
    existingVaults: existingVaults
    sealingVaultName: sealingVaultName
    sealingKeyName: sealingKeyName
    grantSecretNamePrefix: grantSecretNamePrefix
    rotatedSecretNamePrefix: rotatedSecretNamePrefix
    discoverySubscriptionIds: discoverySubscriptionIds
    scannerPrincipalId: identities.outputs.scannerPrincipalId
    refresherPrincipalId: identities.outputs.refresherPrincipalId
    rotatorPrincipalId: identities.outputs.rotatorPrincipalId
    workspaceId: monitoring.outputs.workspaceId
    functionAppId: functionApp.outputs.appId
    location: location
    endpointsSubnetId: stores.outputs.endpointsSubnetId
    vaultZoneId: stores.outputs.vaultZoneId
    subscribeToVaultEvents: subscribeToVaultEvents
  }
}

module groups 'modules/actionGroups.bicep' = {
  name: '${prefix}-action-groups'
  params: {
    nameSuffix: token
    tags: allTags
    hasReceivers: hasReceivers
    hasRoutineReceivers: hasRoutineReceivers
    receivers: receivers
    webhooks: webhooks
    urgentWebhooks: urgentWebhooks
    existingActionGroupIds: existingActionGroupIds
    existingUrgentActionGroupIds: existingUrgentActionGroupIds
  }
}

module alerting 'modules/alerting.bicep' = {
  name: '${prefix}-alerting'
  params: {
    location: location
    nameSuffix: token
    workspaceId: monitoring.outputs.workspaceId
    workspaceLocation: empty(existingWorkspaceLocation) ? location : existingWorkspaceLocation
    saveFunctions: saveFunctions
    rotatorPrincipalId: readsSignInLogs ? identities.outputs.rotatorPrincipalId : ''
    ownClientIds: identities.outputs.ownClientIds
    useReaderPrincipalId: readUse ? identities.outputs.scannerPrincipalId : ''
    watchedComponents: watchedComponents
    watchedWorkspaces: watchedWorkspaces
    common: {
      tags: allTags
      identityId: identities.outputs.alertsId
      principalId: identities.outputs.alertsPrincipalId
      assignLogReader: assignLogReader
      checkWorkspaceAlertsStorageConfigured: checkWorkspaceAlertsStorageConfigured
      urgentActionGroupIds: groups.outputs.urgentIds
      routineActionGroupIds: groups.outputs.routineIds
      maintenance: maintenance
      runbookBaseUrl: runbookBaseUrl
      options: alerts
      functionAppName: functionApp.outputs.appName
    }
  }
}

module guard 'modules/guard.bicep' = {
  name: '${prefix}-guard'
  params: {
    location: location
    nameSuffix: token
    tags: allTags
    actionGroupIds: groups.outputs.urgentIds
    componentName: monitoring.outputs.componentName
    appUrl: functionApp.outputs.appUrl
    healthTest: healthTest
    runbookBaseUrl: runbookBaseUrl
    sealingVaultName: sealingVaultName
    storageAccountIds: stores.outputs.accountIds
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

@description('Object id of the refresher, for roles that you give it yourself.')
output KEYWATCH_REFRESHER_PRINCIPAL_ID string = identities.outputs.refresherPrincipalId

@description('Object id of the rotator, for the role that you give it in Entra ID. Empty: nothing is rotated.')
output KEYWATCH_ROTATOR_PRINCIPAL_ID string = identities.outputs.rotatorPrincipalId

@description('Client id of the scanner: by it the audit log of a vault names who called.')
output KEYWATCH_SCANNER_CLIENT_ID string = identities.outputs.scannerClientId

@description('Object id of the identity that the alert rules read logs with.')
output KEYWATCH_ALERTS_PRINCIPAL_ID string = identities.outputs.alertsPrincipalId

@description('Storage account of the app: control records and queues.')
output KEYWATCH_STORAGE_ACCOUNT string = stores.outputs.storageAccountName

@description('Storage account of the fallback store. Empty: somebody else\'s.')
output KEYWATCH_FALLBACK_STORAGE_ACCOUNT string = stores.outputs.fallbackAccountName

@description('Application Insights resource of the app.')
output KEYWATCH_COMPONENT_NAME string = monitoring.outputs.componentName

@description('Address that the app goes out from, for partners who admit known ones only. Empty: none that stays.')
output KEYWATCH_OUTBOUND_ADDRESS string = stores.outputs.outboundAddress

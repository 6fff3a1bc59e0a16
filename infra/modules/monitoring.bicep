@description('Region of the workspace and of Application Insights.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags { *: string }

@description('Resource id of a workspace to use instead of a new one; it may be in another subscription of the tenant. Empty: a workspace is made.')
param existingWorkspaceResourceId string

@description('Days that the new workspace keeps data.')
param retentionInDays int

@description('Daily cap of the new workspace in GB; -1 is no cap. A cap that is reached also stops the alerts.')
param dailyQuotaGb int

var makeWorkspace = empty(existingWorkspaceResourceId)

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = if (makeWorkspace) {
  name: 'log-keywatch-${nameSuffix}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionInDays
    workspaceCapping: {
      dailyQuotaGb: dailyQuotaGb
    }
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

var given = split(existingWorkspaceResourceId, '/')

resource givenWorkspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = if (!makeWorkspace) {
  name: makeWorkspace ? 'none' : given[8]
  scope: resourceGroup(
    makeWorkspace ? subscription().subscriptionId : given[2],
    makeWorkspace ? resourceGroup().name : given[4]
  )
}

var workspaceResourceId = makeWorkspace ? workspace.id : existingWorkspaceResourceId

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-keywatch-${nameSuffix}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    IngestionMode: 'LogAnalytics'
    WorkspaceResourceId: workspaceResourceId
    // With local auth off the connection string is an address, not a credential.
    DisableLocalAuth: true
  }
}

@description('Resource id of the workspace that holds the App tables.')
output workspaceId string = workspaceResourceId

@description('Id by which that workspace is queried.')
output workspaceCustomerId string = makeWorkspace
  ? workspace!.properties.customerId
  : givenWorkspace!.properties.customerId

@description('Name of the Application Insights resource.')
output componentName string = component.name

@description('Where telemetry is sent. Not a credential: local auth is off.')
output connectionString string = component.properties.ConnectionString

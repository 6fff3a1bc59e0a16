@description('Name of a workspace in this resource group.')
param workspaceName string

@description('Object id of the identity that reads its logs: that of the alert rules, the rotator or the scanner.')
@minLength(36)
@maxLength(36)
param readerPrincipalId string

var logAnalyticsReader = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '73c42c96-874c-492b-b04d-ab87d138a893'
)

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

// Why: an alert rule reads logs with an identity of its own, the rotator who uses an old secret, the scanner who uses what.
resource readLogs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(resourceGroup().id), toLower(workspaceName), readerPrincipalId, logAnalyticsReader)
  scope: workspace
  properties: {
    roleDefinitionId: logAnalyticsReader
    principalId: readerPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: read logs'
  }
}

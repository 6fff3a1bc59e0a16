@description('Name of a workspace in this resource group.')
param workspaceName string

@description('Object id of the identity that the alert rules read logs with.')
@minLength(36)
@maxLength(36)
param alertsPrincipalId string

var logAnalyticsReader = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '73c42c96-874c-492b-b04d-ab87d138a893'
)

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

// Why: an alert rule reads the logs of this workspace with an identity of its own, and with no right beside that one.
resource readLogs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, toLower(workspaceName), alertsPrincipalId, logAnalyticsReader)
  scope: workspace
  properties: {
    roleDefinitionId: logAnalyticsReader
    principalId: alertsPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: read logs for the alert rules'
  }
}

@description('Name of the vault, in this resource group.')
param vaultName string

@description('Workspace that receives the audit log.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

// Who still reads the old version after a rotation: only the audit log knows.
resource auditLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  // One for each workspace: another deployment that watches the same vault keeps its own.
  name: 'keywatch-audit-${uniqueString(toLower(workspaceId))}'
  scope: vault
  properties: {
    workspaceId: workspaceId
    // Dedicated: rows land in AZKVAuditLogs, which the queries read, and not in AzureDiagnostics.
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

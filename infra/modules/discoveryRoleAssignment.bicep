targetScope = 'subscription'

@description('Object id of the identity that lists metadata.')
@minLength(36)
@maxLength(36)
param scannerPrincipalId string

var keyVaultReader = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '21090545-7ca7-4776-b22c-e363652d74d2'
)

// Why: discovery finds the vaults of the whole subscription and lists their metadata; the role returns no value of any of them.
resource discover 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(subscription().id), scannerPrincipalId, keyVaultReader)
  properties: {
    roleDefinitionId: keyVaultReader
    principalId: scannerPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Keywatch: discover vaults and list metadata'
  }
}

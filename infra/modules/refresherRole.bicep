@description('Name (GUID) of the role: the same value is given to roleAssignments.bicep.')
@minLength(36)
@maxLength(36)
param roleName string

var scopeId = resourceGroup().id

// Narrower than any built-in role: no delete, no purge, no backup, no recover, nothing on keys or certificates.
resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleName
  properties: {
    roleName: 'Keywatch Refresher ${roleName}'
    description: 'Read, write and describe secrets, for Keywatch to keep OAuth grants alive. Assigned with a condition on the name of the secret.'
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/secrets/getSecret/action'
          'Microsoft.KeyVault/vaults/secrets/setSecret/action'
          'Microsoft.KeyVault/vaults/secrets/update/action'
          'Microsoft.KeyVault/vaults/secrets/readMetadata/action'
        ]
        notDataActions: []
      }
    ]
    assignableScopes: [
      scopeId
    ]
  }
}

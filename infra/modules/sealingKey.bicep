@description('Name of the vault that holds the key, in this resource group.')
@minLength(3)
param vaultName string

@description('Name of the key.')
@minLength(1)
param keyName string

@description('ISO 8601 duration after which a new version is made.')
param rotateAfter string = 'P180D'

@description('ISO 8601 duration after which a version expires. Longer than rotateAfter: a token sealed with the former version must still open.')
param expireAfter string = 'P2Y'

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource sealingKey 'Microsoft.KeyVault/vaults/keys@2025-05-01' = {
  parent: vault
  name: keyName
  properties: {
    kty: 'RSA'
    keySize: 3072
    // The data key is wrapped locally with the public part; only unwrapping needs the vault.
    keyOps: [
      'wrapKey'
      'unwrapKey'
    ]
    rotationPolicy: {
      attributes: {
        expiryTime: expireAfter
      }
      lifetimeActions: [
        {
          action: {
            type: 'rotate'
          }
          trigger: {
            timeAfterCreate: rotateAfter
          }
        }
        {
          action: {
            type: 'notify'
          }
          trigger: {
            timeBeforeExpiry: 'P30D'
          }
        }
      ]
    }
  }
}

@description('Address of the key without a version, so that a rotation needs no deployment.')
output keyUri string = sealingKey.properties.keyUri

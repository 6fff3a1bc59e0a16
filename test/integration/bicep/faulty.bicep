resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: 'stkeywatchfaulty'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    publicAcces: 'Enabled'
  }
}

using '../main.bicep'

// A small one to try: one new vault, the cheapest redundancy, one address to tell, a cap on what it can cost.

param environmentName = 'dev'

param location = 'westeurope'

param storageSkuName = 'Standard_LRS'

param instanceMemoryMB = 512

param dailyQuotaGb = 1

param resourceLogs = false

param healthTest = false

param receivers = {
  email: [
    {
      name: 'me'
      emailAddress: 'me@contoso.example'
    }
  ]
}

/** A small project without a fault: each planted fault is one change to it. */
export const fixture = (): Map<string, string> =>
  new Map([
    ['infra/main.bicep', main],
    ['infra/modules/vault.bicep', vault],
    ['infra/types.bicep', types],
    ['infra/rules.json', '[{ "name": "one", "mute": "P1D" }, { "name": "two" }]'],
    ['infra/one.kql', 'AppRequests | take 1'],
    ['infra/main.bicepparam', values],
  ]);

const types = `
@export()
@sealed()
@description('A vault to watch.')
type vaultReference = {
  @description('Name of the vault.')
  name: string
  @description('Group of the vault.')
  resourceGroup: string?
}
`;

const vault = `
@description('Name of the vault.')
@minLength(3)
param vaultName string

@description('Region of the vault.')
@allowed(['westeurope', 'northeurope'])
param location string

@description('Days that a deleted vault is kept.')
@minValue(7)
param days int = 90

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: vaultName
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    publicNetworkAccess: 'Disabled'
    softDeleteRetentionInDays: days
  }

  resource seal 'keys' = {
    name: 'seal'
    properties: {
      kty: 'RSA'
      keySize: 3072
      keyOps: ['wrapKey', 'unwrapKey']
    }
  }
}

@description('Address of the vault.')
output vaultUri string = vault.properties.vaultUri
`;

const values = `using 'main.bicep'

param vaults = [
  { name: 'kv-one' }
]
`;

const main = `
import { vaultReference } from 'types.bicep'

@description('Vaults to watch.')
param vaults vaultReference[]

@description('Window, if there is one.')
param window string?

var rules = loadJsonContent('rules.json')
var query = loadTextContent('one.kql')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: 'log'
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: rule.name
  location: resourceGroup().location
  properties: {
    displayName: rule.name
    severity: 2
    enabled: true
    scopes: [workspace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    muteActionsDuration: rule.?mute
    criteria: {
      allOf: [
        {
          query: query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: map(vaults, each => { name: each.name, operator: 'Include', values: ['*'] })
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
  }
}]

resource maintenance 'Microsoft.AlertsManagement/actionRules@2021-08-08' = if (window != null) {
  name: 'maintenance'
  location: 'Global'
  properties: {
    scopes: [workspace.id]
    actions: [{ actionType: 'RemoveAllActionGroups' }]
    enabled: true
    description: window!
  }
}

module homes 'modules/vault.bicep' = [for (each, i) in vaults: {
  name: 'vault-\${i}'
  scope: resourceGroup(each.?resourceGroup ?? resourceGroup().name)
  params: {
    vaultName: each.name
    location: 'westeurope'
  }
}]

@description('Address of the first vault.')
output firstUri string = homes[0].outputs.vaultUri
`;

@description('Region of the network.')
param location string

@description('Name of the network.')
param networkName string

@description('Tags of every resource.')
param tags object

@description('Address space, at least a /24.')
param addressPrefix string

var zoneNames = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink.vaultcore.azure.net'
]

var endpointsSubnetName = 'endpoints'
var appSubnetName = 'app'

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' = {
  name: networkName
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressPrefix
      ]
    }
    subnets: [
      {
        name: endpointsSubnetName
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          privateEndpointNetworkPolicies: 'Enabled'
          defaultOutboundAccess: false
        }
      }
      {
        name: appSubnetName
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          // Authorization servers are on the internet, and newer networks have no way out unless one is asked for.
          defaultOutboundAccess: true
          // What Flex Consumption asks for.
          delegations: [
            {
              name: 'flex'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
    ]
  }

  resource endpoints 'subnets' existing = {
    name: endpointsSubnetName
  }

  resource app 'subnets' existing = {
    name: appSubnetName
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zoneName in zoneNames: {
  name: zoneName
  location: 'global'
  tags: tags
}]

resource zoneLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zoneName, i) in zoneNames: {
  parent: zones[i]
  name: networkName
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}]

@description('Subnet for private endpoints.')
output endpointsSubnetId string = network::endpoints.id

@description('Subnet for the outbound traffic of the app.')
output appSubnetId string = network::app.id

@description('DNS zones of blob, queue and table endpoints and of vaults, in this order.')
output zoneIds string[] = [for i in range(0, 4): zones[i].id]

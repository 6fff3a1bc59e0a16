@description('Region of the network.')
param location string

@description('Name of the network.')
param networkName string

@description('Tags of every resource.')
param tags { *: string }

@description('Address space. One half of it is for the instances of the app, the other for private endpoints.')
param addressPrefix string

@description('True: the app goes out by a NAT gateway, from one address that stays. False: by the default way out of Azure.')
param natGateway bool

var zoneNames = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
]

var endpointsSubnetName = 'endpoints'
var appSubnetName = 'app'
var halfSize = parseCidr(addressPrefix).cidr + 1

resource outboundAddress 'Microsoft.Network/publicIPAddresses@2025-07-01' = if (natGateway) {
  name: 'pip-${networkName}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIPAllocationMethod: 'Static'
  }
}

resource gateway 'Microsoft.Network/natGateways@2025-07-01' = if (natGateway) {
  name: 'ng-${networkName}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIpAddresses: [
      {
        id: outboundAddress.id
      }
    ]
  }
}

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
          addressPrefix: cidrSubnet(addressPrefix, halfSize, 1)
          privateEndpointNetworkPolicies: 'Enabled'
          defaultOutboundAccess: false
        }
      }
      {
        name: appSubnetName
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, halfSize, 0)
          // Authorization servers are on the internet, and newer networks have no way out unless one is asked for.
          defaultOutboundAccess: !natGateway
          natGateway: natGateway ? { id: gateway.id } : null
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

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zoneName in zoneNames: {
    name: zoneName
    location: 'global'
    tags: tags
  }
]

resource zoneLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zoneName, i) in zoneNames: {
    parent: zones[i]
    name: networkName
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      // The zone knows the endpoints of this network only. A vault with an endpoint elsewhere is an alias into it too, and
      // without this word it would not exist from here.
      resolutionPolicy: 'NxDomainRedirect'
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

@description('Subnet for private endpoints.')
output endpointsSubnetId string = network::endpoints.id

@description('Subnet for the outbound traffic of the app.')
output appSubnetId string = network::app.id

@description('DNS zones of blob, queue and table endpoints and of vaults, in this order.')
output zoneIds string[] = [for i in range(0, 4): zones[i].id]

@description('Address that the app goes out from. Empty: no NAT gateway, so it may change.')
output outboundAddress string = natGateway ? outboundAddress!.properties.ipAddress : ''

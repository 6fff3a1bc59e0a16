@description('Region of the endpoint.')
param location string

@description('Name of the endpoint.')
param endpointName string

@description('Tags of every resource.')
param tags { *: string }

@description('Subnet that the endpoint stands in.')
param subnetId string

@description('Resource that the endpoint leads to.')
param targetId string

@description('Which service of that resource.')
@allowed([
  'blob'
  'queue'
  'table'
  'vault'
])
param groupId string

@description('DNS zone that gives the resource its private address. Empty: somebody else writes it there.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-07-01' = {
  name: endpointName
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          privateLinkServiceId: targetId
          groupIds: [
            groupId
          ]
        }
      }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-07-01' = if (!empty(zoneId)) {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: groupId
        properties: {
          privateDnsZoneId: zoneId
        }
      }
    ]
  }
}

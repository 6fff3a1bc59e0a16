@description('Region of the identities.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags { *: string }

@description('Whether there is one that rotates client secrets.')
param rotates bool

// Two identities, so that the code that lists everything cannot read a value, and the code that
// reads and writes values can reach nothing but its grants.
resource scanner 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-keywatch-scanner-${nameSuffix}'
  location: location
  tags: tags
}

resource refresher 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-keywatch-refresher-${nameSuffix}'
  location: location
  tags: tags
}

// One that owns applications in Entra ID and changes their secrets: neither of the other two could do that.
resource rotator 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = if (rotates) {
  name: 'id-keywatch-rotator-${nameSuffix}'
  location: location
  tags: tags
}

// One for the alert rules: without one a rule has the rights of whoever edited it last, as they were then.
resource alerts 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-keywatch-alerts-${nameSuffix}'
  location: location
  tags: tags
}

@description('Resource id of the identity that lists metadata.')
output scannerId string = scanner.id

@description('Client id of the identity that lists metadata.')
output scannerClientId string = scanner.properties.clientId

@description('Object id of the identity that lists metadata.')
output scannerPrincipalId string = scanner.properties.principalId

@description('Resource id of the identity that refreshes grants.')
output refresherId string = refresher.id

@description('Client id of the identity that refreshes grants.')
output refresherClientId string = refresher.properties.clientId

@description('Object id of the identity that refreshes grants.')
output refresherPrincipalId string = refresher.properties.principalId

@description('Resource id of the identity that rotates client secrets. Empty: none.')
output rotatorId string = rotates ? rotator!.id : ''

@description('Client id of the identity that rotates client secrets. Empty: none.')
output rotatorClientId string = rotates ? rotator!.properties.clientId : ''

@description('Object id of the identity that rotates client secrets. Empty: none.')
output rotatorPrincipalId string = rotates ? rotator!.properties.principalId : ''

@description('Resource id of the identity that the alert rules read logs with.')
output alertsId string = alerts.id

@description('Object id of the identity that the alert rules read logs with.')
output alertsPrincipalId string = alerts.properties.principalId

@description('Client ids of those that call vaults.')
output ownClientIds string[] = concat(
  [scanner.properties.clientId, refresher.properties.clientId],
  rotates ? [rotator!.properties.clientId] : []
)

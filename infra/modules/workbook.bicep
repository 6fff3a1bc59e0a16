@description('Region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags { *: string }

@description('Workspace that its queries read.')
param workspaceId string

@description('Client ids of the identities of Keywatch: what they do is no use of a credential.')
param ownClientIds string[]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(toLower(resourceGroup().id), toLower(workspaceId), 'keywatch-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: 'Keywatch credentials'
    description: 'Inventory, grants, 401s, findings and scan health.'
    serializedData: replace(
      replace(loadTextContent('../workbook/workbook.json'), '__WORKSPACE_ID__', workspaceId),
      '__OWN_CLIENT_IDS__',
      join(ownClientIds, '\\",\\"')
    )
    sourceId: workspaceId
    version: '1.0'
  }
}

@description('Name of an Application Insights resource in this resource group.')
param componentName string

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

@description('Workspace behind it: the alert queries use workspace table names, so the rule must watch the workspace.')
output workspaceId string = component.properties.WorkspaceResourceId

@description('Region of the Application Insights resource, which is that of its workspace unless somebody moved one of them.')
output location string = component.location

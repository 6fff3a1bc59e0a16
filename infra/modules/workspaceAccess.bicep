@description('Name of the deployment beside the workspace.')
param deploymentName string

@description('Full resource id of the workspace, in any group and subscription.')
param workspaceId string

@description('Object id of the identity that the alert rules read logs with.')
@minLength(36)
@maxLength(36)
param alertsPrincipalId string

var workspace = split(workspaceId, '/')

// Where the workspace is must be known at the start, and that of a component is read from the component: hence this
// step between.
module reader 'workspaceReader.bicep' = {
  name: deploymentName
  scope: resourceGroup(workspace[2], workspace[4])
  params: {
    workspaceName: workspace[8]
    alertsPrincipalId: alertsPrincipalId
  }
}

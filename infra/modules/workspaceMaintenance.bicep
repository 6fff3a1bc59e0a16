import { maintenanceWindow } from '../types.bicep'

@description('Name of the alert processing rule.')
param ruleName string

@description('Tags of the rule.')
param tags object

@description('Full resource id of the workspace whose alerts are kept quiet, in any group and subscription.')
param workspaceId string

@description('When nobody is told.')
param window maintenanceWindow

var workspace = split(workspaceId, '/')

// The service compares the scope of such a rule with what an alert fired on, which is the workspace, and takes only
// scopes in the rule's own subscription. So the rule stands beside the workspace, which is not always where the
// Application Insights resource on it is. Where that is must be known at the start: hence this step between.
module rule 'maintenanceWindow.bicep' = {
  name: ruleName
  scope: resourceGroup(workspace[2], workspace[4])
  params: {
    ruleName: ruleName
    tags: tags
    workspaceId: workspaceId
    window: window
  }
}

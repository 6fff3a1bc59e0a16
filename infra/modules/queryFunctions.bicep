// What the alert rules know of credentials, grants, findings and runs, as functions for people. Every deployment gives
// them the same names, so that several in one workspace share them: the last that was deployed wins.

import { queryHeads } from '../alerts/rules.bicep'

@description('Name of a workspace in this resource group.')
param workspaceName string

// An alert rule looks two days back, by a literal; people say how far.
var parameters = 'since:timespan = 2d, OwnDeployment:string = ""'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource functions 'Microsoft.OperationalInsights/workspaces/savedSearches@2025-07-01' = [
  for each in loadJsonContent('../kql/functions.json'): {
    parent: workspace
    name: toLower(each.name)
    // Without it the service refuses to overwrite what is there.
    etag: '*'
    properties: {
      category: 'Keywatch'
      displayName: each.name
      functionAlias: each.name
      functionParameters: parameters
      query: '${replace(join(map(each.heads, head => queryHeads[head]), ''), 'ago(2d)', 'ago(since)')}${each.rows}'
      version: 2
    }
  }
]

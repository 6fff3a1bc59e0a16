import { maintenanceWindow } from '../types.bicep'

@description('Name of the alert processing rule.')
param ruleName string

@description('Tags of the rule.')
param tags { *: string }

@description('Workspace whose alerts are kept quiet, in this subscription.')
param workspaceId string

@description('When nobody is told.')
param window maintenanceWindow

var weekly = !empty(window.?daysOfWeek)

resource rule 'Microsoft.AlertsManagement/actionRules@2021-08-08' = {
  name: ruleName
  location: 'Global'
  tags: tags
  properties: {
    description: 'Keywatch maintenance window: alerts of severity 2 to 4 fire and are recorded, nobody is told.'
    enabled: true
    scopes: [
      workspaceId
    ]
    // Only Keywatch's rules: others on this workspace keep their voice.
    conditions: [
      {
        field: 'AlertRuleName'
        operator: 'Contains'
        // Both the names and the display names of the rules.
        values: [
          'keywatch'
          'Keywatch'
        ]
      }
      // What fires in the window is never told, not even at its end. So what is urgent stays outside.
      {
        field: 'Severity'
        operator: 'NotEquals'
        values: [
          'Sev0'
          'Sev1'
        ]
      }
    ]
    schedule: {
      effectiveFrom: window.?effectiveFrom
      effectiveUntil: window.?effectiveUntil
      timeZone: window.timeZone
      recurrences: weekly
        ? [
            {
              recurrenceType: 'Weekly'
              daysOfWeek: window.?daysOfWeek ?? []
              startTime: window.?startTime
              endTime: window.?endTime
            }
          ]
        : []
    }
    actions: [
      {
        actionType: 'RemoveAllActionGroups'
      }
    ]
  }
}

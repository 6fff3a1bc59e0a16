// Whom the alerts reach: two action groups, for what is urgent and for the rest.

import { receiverLists, routineReceivers } from '../types.bicep'

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags { *: string }

@description('Whether there is anybody in the receivers below.')
param hasReceivers bool

@description('Whether any of them is told of severity 2 to 4 too.')
param hasRoutineReceivers bool

@description('Who is notified, by channel.')
param receivers receiverLists

@description('Webhooks: name to https address. Such an address often carries a key, hence secure.')
@secure()
param webhooks { *: string }

@description('Webhooks that are told of severity 0 and 1 only: name to https address.')
@secure()
param urgentWebhooks { *: string }

@description('Action groups that exist already and are reported everything as well.')
param existingActionGroupIds string[]

@description('Action groups that exist already and are told of severity 0 and 1.')
param existingUrgentActionGroupIds string[]

// Two groups: an SMS is sent once in five minutes to a number, and a finding must not take the place of what is urgent.
module urgentGroup 'actionGroup.bicep' = if (hasReceivers) {
  name: 'keywatch-urgent-group'
  params: {
    groupName: 'ag-keywatch-urgent-${nameSuffix}'
    shortName: 'kw-urgent'
    tags: tags
    receivers: receivers
    webhooks: union(webhooks, urgentWebhooks)
  }
}

module routineGroup 'actionGroup.bicep' = if (hasRoutineReceivers) {
  name: 'keywatch-routine-group'
  params: {
    groupName: 'ag-keywatch-routine-${nameSuffix}'
    shortName: 'keywatch'
    tags: tags
    receivers: routineReceivers(receivers)
    webhooks: webhooks
  }
}

@description('Who is told of severity 0 and 1.')
output urgentIds string[] = concat(
  existingActionGroupIds,
  existingUrgentActionGroupIds,
  hasReceivers ? [urgentGroup!.outputs.groupId] : []
)

@description('Who is told of severity 2 to 4.')
output routineIds string[] = concat(existingActionGroupIds, hasRoutineReceivers ? [routineGroup!.outputs.groupId] : [])

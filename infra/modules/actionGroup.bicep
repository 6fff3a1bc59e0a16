import { receiverLists } from '../types.bicep'

@description('Name of the group.')
param groupName string

@description('Name in SMS messages.')
@minLength(1)
@maxLength(12)
param shortName string

@description('Tags of the group.')
param tags { *: string }

@description('Who is notified, by channel.')
param receivers receiverLists

@description('Webhooks: name to https address. Such an address often carries a key, hence secure.')
@secure()
param webhooks { *: string }

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: groupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: shortName
    enabled: true
    emailReceivers: [
      for receiver in (receivers.?email ?? []): {
        name: receiver.name
        emailAddress: receiver.emailAddress
        useCommonAlertSchema: true
      }
    ]
    smsReceivers: receivers.?sms ?? []
    voiceReceivers: receivers.?voice ?? []
    webhookReceivers: [
      for webhook in items(webhooks): {
        name: webhook.key
        serviceUri: webhook.value
        useCommonAlertSchema: true
      }
    ]
    logicAppReceivers: [
      for receiver in (receivers.?logicApp ?? []): {
        name: receiver.name
        // The linter takes a param for the id of a resource, but not the member of one in a loop.
        #disable-next-line use-resource-id-functions
        resourceId: receiver.resourceId
        callbackUrl: listCallbackUrl('${receiver.resourceId}/triggers/${receiver.triggerName}', '2019-05-01').value
        useCommonAlertSchema: true
      }
    ]
    eventHubReceivers: [
      for receiver in (receivers.?eventHub ?? []): {
        name: receiver.name
        eventHubNameSpace: receiver.namespaceName
        eventHubName: receiver.eventHubName
        subscriptionId: receiver.?subscriptionId ?? subscription().subscriptionId
        tenantId: tenant().tenantId
        useCommonAlertSchema: true
      }
    ]
  }
}

@description('Resource id of the group.')
output groupId string = group.id

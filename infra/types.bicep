@export()
@sealed()
@description('One Key Vault that already exists, here or in another resource group or subscription of the same tenant. It must use the RBAC permission model.')
type vaultReference = {
  @description('Name of the vault.')
  @maxLength(24)
  name: string

  @description('Its resource group. Absent: the resource group of this deployment.')
  resourceGroup: string?

  @description('Its subscription. Absent: the subscription of this deployment.')
  subscriptionId: string?

  @description('True: the refresher may read and write the secrets in it whose names begin with grantSecretNamePrefix. Absent or false: metadata only, but in the vault of the sealing key, which always holds grants.')
  holdsGrants: bool?

  @description('False: no diagnostic setting on this vault (somebody else already keeps its audit log). Absent: one is made.')
  diagnostics: bool?

  @description('True: with privateNetworking, a private endpoint leads to this vault. Whoever deploys needs the right to approve it at the vault. Absent or false: none.')
  privateEndpoint: bool?

  @description('Name of the Event Grid system topic that this vault already has: a vault can have only one. Absent: one is made.')
  systemTopicName: string?
}

@export()
@sealed()
@description('An Application Insights resource of somebody else whose 401s the unauthorized rules watch too.')
type componentReference = {
  @description('Name of the Application Insights resource.')
  name: string

  @description('Its resource group. Absent: the resource group of this deployment.')
  resourceGroup: string?

  @description('Its subscription. Absent: the subscription of this deployment.')
  subscriptionId: string?
}

@export()
@sealed()
@description('A Log Analytics workspace of somebody else whose 401s the unauthorized rules watch too.')
type workspaceReference = {
  @description('Full resource id of the workspace.')
  @minLength(60)
  resourceId: string

  @description('Region of the workspace: a log alert rule lives in the region of what it reads.')
  location: string
}

@export()
@sealed()
@description('Somebody who is told by mail.')
type emailReceiver = {
  @description('Name shown in the action group.')
  name: string

  @description('Address of a person or a list.')
  @minLength(3)
  emailAddress: string

  @description('True: of severity 0 and 1 only. Absent or false: of everything.')
  urgentOnly: bool?
}

@export()
@sealed()
@description('Somebody who is told by SMS or called, of severity 0 and 1 only.')
type smsReceiver = {
  @description('Name shown in the action group.')
  name: string

  @description('Country code, digits only, such as 43.')
  countryCode: string

  @description('Number without the country code, digits only.')
  phoneNumber: string
}

@export()
@sealed()
@description('A Logic App (consumption) with an HTTP request trigger. Its callback address is asked for at deployment, so it is never a parameter.')
type logicAppReceiver = {
  @description('Name shown in the action group.')
  name: string

  @description('Full resource id of the workflow.')
  resourceId: string

  @description('Name of the HTTP trigger, often manual.')
  triggerName: string
}

@export()
@sealed()
@description('An event hub that receives every alert as an event.')
type eventHubReceiver = {
  @description('Name shown in the action group.')
  name: string

  @description('Name of the Event Hubs namespace.')
  namespaceName: string

  @description('Name of the event hub.')
  eventHubName: string

  @description('Subscription of the namespace. Absent: the subscription of this deployment.')
  subscriptionId: string?
}

@export()
@sealed()
@description('Who is notified of alerts, by the channel that they take. An absent channel has nobody. Webhooks are parameters of their own, because their addresses are secrets.')
type receiverLists = {
  @description('Mail.')
  email: emailReceiver[]?

  @description('SMS, of severity 0 and 1 only.')
  sms: smsReceiver[]?

  @description('Calls, of severity 0 and 1 only.')
  voice: smsReceiver[]?

  @description('Logic Apps that are run.')
  logicApp: logicAppReceiver[]?

  @description('Event hubs that receive every alert.')
  eventHub: eventHubReceiver[]?
}

@export()
@description('Those of the receivers who are notified of severity 2 to 4 too.')
func routineReceivers(receivers receiverLists) receiverLists =>
  toObject(
    filter(items(receivers), channel => !contains(['sms', 'voice'], channel.key) && !empty(channel.?value)),
    channel => channel.key,
    channel => filter(channel.?value ?? [], receiver => !(receiver.?urgentOnly ?? false))
  )

@export()
@description('Whether there is anybody among the receivers.')
func isAnybody(receivers receiverLists) bool => !empty(filter(items(receivers), channel => !empty(channel.?value)))

@export()
@sealed()
@description('When alerts still fire and are still recorded, but nobody is told.')
type maintenanceWindow = {
  @description('First moment, local to timeZone, as 2026-12-24T18:00:00. Absent: from now on.')
  effectiveFrom: string?

  @description('Last moment, local to timeZone. Absent: until the rule is removed.')
  effectiveUntil: string?

  @description('Windows time zone name, such as UTC or W. Europe Standard Time.')
  timeZone: string

  @description('Days of the week on which the window repeats. Absent: once, from effectiveFrom to effectiveUntil.')
  daysOfWeek: ('Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday' | 'Sunday')[]?

  @description('Start on each of those days, as 22:00:00.')
  startTime: string?

  @description('End on each of those days, as 23:30:00.')
  endTime: string?
}

@export()
@sealed()
@description('What the alert rules tell, and when, where it is not the usual.')
type alertOptions = {
  @description('True: one alert for each credential that only warns, beside the daily digest of its owner. Absent: the digest alone.')
  alertPerWarning: bool?

  @description('True: the rules over the sign-in logs of the tenant are on, and the rotator may read the workspace. The workspace must have the table AADServicePrincipalSignInLogs. Absent: they are off.')
  signInLogs: bool?

  @description('Roles (AppRoleName) whose calls and requests the 401 rules look at. Absent or empty: every role of the workspaces.')
  watchedRoles: string[]?
}

@export()
@sealed()
@description('DNS zones that exist already, each by its full resource id.')
type zoneReference = {
  @description('privatelink.blob.core.windows.net, or what it is called in your cloud.')
  blob: string

  @description('privatelink.queue.core.windows.net.')
  queue: string

  @description('privatelink.table.core.windows.net.')
  table: string

  @description('privatelink.vaultcore.azure.net.')
  vault: string
}

@export()
@sealed()
@description('A network that exists already, such as a spoke of the platform team, in the region of the app.')
type networkReference = {
  @description('Full resource id of the subnet for the outbound traffic of the app: delegated to Microsoft.App/environments, and nothing else in it.')
  appSubnetId: string

  @description('Full resource id of the subnet for private endpoints.')
  endpointsSubnetId: string

  @description('Zones that the new endpoints write their addresses to. Absent: a policy of yours does that.')
  zones: zoneReference?
}

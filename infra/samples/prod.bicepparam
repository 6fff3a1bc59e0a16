using '../main.bicep'

// The whole of it: vaults elsewhere, private endpoints, a workspace of the platform team, a maintenance window.

param environmentName = 'prod'

param location = 'westeurope'

param tags = {
  'cost-center': '4711'
}

param existingVaults = [
  {
    name: 'kv-contoso-salesforce'
    resourceGroup: 'rg-integration'
    holdsGrants: true
    privateEndpoint: true
  }
  {
    name: 'kv-contoso-partners'
    resourceGroup: 'rg-partners'
    subscriptionId: '11111111-1111-1111-1111-111111111111'
    diagnostics: false
    systemTopicName: 'evgt-partners'
  }
]

// Client secrets of applications that the rotator owns; their secrets in vaults are called oauth-app-….
param rotateClientSecrets = true

// The platform team sends the sign-in logs of the tenant to its workspace.
param alerts = {
  signInLogs: true
}

param discoverySubscriptionIds = [
  '11111111-1111-1111-1111-111111111111'
]

param existingWorkspaceResourceId = '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-platform/providers/Microsoft.OperationalInsights/workspaces/log-platform'

param existingWorkspaceLocation = 'westeurope'

// The integration platform's own Application Insights: 401s at its door page the same people.
param watchedComponents = [
  {
    name: 'appi-integration'
    resourceGroup: 'rg-integration'
  }
]

// Bound to the site by hand: docs/deploy.md, Callers.
param publicUrl = 'https://keywatch.contoso.example'

param runbookBaseUrl = 'https://github.com/contoso/keywatch/blob/main/'

param storageSkuName = 'Standard_GZRS'

param zoneRedundant = true

param privateNetworking = true

// Holds as many instances as are allowed below.
param networkAddressPrefix = '10.90.0.0/23'

param maximumInstanceCount = 100

param receivers = {
  email: [
    {
      name: 'integration team'
      emailAddress: 'integration@contoso.example'
    }
    {
      name: 'duty officer'
      emailAddress: 'duty@contoso.example'
      urgentOnly: true
    }
  ]
  sms: [
    {
      name: 'on-call phone'
      countryCode: '43'
      phoneNumber: '6641234567'
    }
  ]
  logicApp: [
    {
      name: 'open a ticket'
      resourceId: '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-platform/providers/Microsoft.Logic/workflows/ticket'
      triggerName: 'manual'
    }
  ]
  eventHub: [
    {
      name: 'alert stream'
      namespaceName: 'evhns-platform'
      eventHubName: 'alerts'
    }
  ]
}

// An address that carries a key stays out of the file: it comes from the environment of who deploys.
param urgentWebhooks = {
  pagerduty: readEnvironmentVariable('KEYWATCH_PAGERDUTY_ADDRESS')
}

param maintenance = {
  timeZone: 'W. Europe Standard Time'
  daysOfWeek: [
    'Sunday'
  ]
  startTime: '02:00:00'
  endTime: '04:00:00'
}

param subscribeToVaultEvents = true

// What guards Keywatch itself, none of it over the logs that the alert rules read: whether the rules can be evaluated,
// whether the app answers from outside, whether what it stands on is there.

@description('Region of the web test: that of the Application Insights resource.')
param location string

@description('End of each name, unique to this deployment.')
@minLength(5)
param nameSuffix string

@description('Tags of every resource.')
param tags { *: string }

@description('Who is reported, at once. At least one.')
@minLength(1)
param actionGroupIds string[]

@description('Name of the Application Insights resource of the app.')
param componentName string

@description('Address of the app.')
param appUrl string

@description('Whether the app is asked from outside whether it works.')
param healthTest bool

@description('What stands before each runbook path in an alert.')
param runbookBaseUrl string

@description('Vault that holds the sealing key, in this resource group.')
param sealingVaultName string

@description('Resource ids of the storage accounts of the app.')
param storageAccountIds string[]

var reportActivity = map(actionGroupIds, id => { actionGroupId: id })
var guardedTypes = [
  'Microsoft.KeyVault/vaults'
  'Microsoft.Storage/storageAccounts'
  'Microsoft.OperationalInsights/workspaces'
  'Microsoft.Insights/components'
  'Microsoft.Insights/scheduledQueryRules'
  'Microsoft.Insights/actionGroups'
]

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

var activities = [
  // A rule that cannot be evaluated tells nobody, and after a week of that the service switches it off.
  {
    name: 'rule-health'
    description: 'An alert rule of this resource group is not evaluated as it should be: it may tell nobody. Open the rule in the portal, Help, Resource health: it says why.'
    allOf: [
      { field: 'category', equals: 'ResourceHealth' }
      { field: 'resourceType', equals: 'Microsoft.Insights/scheduledQueryRules' }
      {
        anyOf: map(['Degraded', 'Unavailable'], status => { field: 'properties.currentHealthStatus', equals: status })
      }
    ]
  }
  // What nothing works without. Purge protection and soft delete bring a vault back, but somebody has to know.
  {
    name: 'deletions'
    description: 'A vault, a storage account, the workspace, Application Insights, an alert rule or an action group of this resource group was deleted. If nobody meant it: az keyvault recover, az monitor log-analytics workspace recover, or deploy again (azd provision --no-state: without that word azd takes nothing for changed).'
    allOf: [
      { field: 'category', equals: 'Administrative' }
      { anyOf: map(guardedTypes, type => { field: 'operationName', equals: '${type}/delete' }) }
      { field: 'status', containsAny: ['Succeeded'] }
    ]
  }
]

resource activityAlerts 'Microsoft.Insights/activityLogAlerts@2020-10-01' = [
  for activity in activities: {
    name: 'keywatch-${activity.name}-${nameSuffix}'
    location: 'global'
    tags: tags
    properties: {
      description: activity.description
      enabled: true
      scopes: [
        resourceGroup().id
      ]
      condition: {
        allOf: activity.allOf
      }
      actions: {
        actionGroups: reportActivity
      }
    }
  }
]

var services = concat(
  [{ name: 'vault', id: resourceId('Microsoft.KeyVault/vaults', sealingVaultName), type: 'Microsoft.KeyVault/vaults' }],
  map(
    range(0, length(storageAccountIds)),
    i => { name: 'storage-${i + 1}', id: storageAccountIds[i], type: 'Microsoft.Storage/storageAccounts' }
  )
)

resource availability 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for service in services: {
    name: 'keywatch-${service.name}-availability-${nameSuffix}'
    location: 'global'
    tags: tags
    properties: {
      description: '${last(split(service.id, '/'))} answers fewer than 90 of 100 calls. Refreshes wait and lose nothing; look at Azure status, and at its firewall and private endpoints.'
      severity: 1
      enabled: true
      scopes: [
        service.id
      ]
      targetResourceType: service.type
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'availability'
            metricNamespace: service.type
            metricName: 'Availability'
            operator: 'LessThan'
            threshold: 90
            timeAggregation: 'Average'
          }
        ]
      }
      actions: reportActivity
    }
  }
]

// Asked from three continents every quarter of an hour; each question is charged for, and wakes the app.
var locations = ['emea-nl-ams-azr', 'us-va-ash-azr', 'apac-sg-sin-azr']
var testName = 'keywatch-health-${nameSuffix}'

resource health 'Microsoft.Insights/webtests@2022-06-15' = if (healthTest) {
  name: testName
  location: location
  // The service wants the test to belong to its component by this tag.
  tags: union(tags, { 'hidden-link:${component.id}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: testName
    SyntheticMonitorId: testName
    Description: 'Asks the app whether it is configured to work.'
    Kind: 'standard'
    Enabled: true
    Frequency: 900
    // A cold start is no fault.
    Timeout: 120
    RetryEnabled: true
    Locations: [
      for place in locations: {
        Id: place
      }
    ]
    Request: {
      RequestUrl: '${appUrl}/api/health'
      HttpVerb: 'GET'
      FollowRedirects: false
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource healthAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = if (healthTest) {
  name: 'keywatch-unhealthy-${nameSuffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The app does not answer, or says that it is not configured to work: it watches and refreshes nothing. Runbook: ${runbookBaseUrl}infra/alerts/scan-missed/runbook.md'
    severity: 1
    enabled: true
    scopes: [
      health.id
      component.id
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: health.id
      componentId: component.id
      failedLocationCount: 2
    }
    actions: reportActivity
  }
}

// Made by `npm run docs` from the folders beside it and from infra/kql: do not edit.

@export()
@description('Every alert rule, most severe first.')
var alertRules = [
  {
    name: 'rotated-token-not-stored'
    settings: loadJsonContent('rotated-token-not-stored/rule.json')
    query: loadTextContent('rotated-token-not-stored/query.kql')
  }
  {
    name: 'credential-critical'
    settings: loadJsonContent('credential-critical/rule.json')
    query: loadTextContent('credential-critical/query.kql')
  }
  {
    name: 'credential-expired'
    settings: loadJsonContent('credential-expired/rule.json')
    query: loadTextContent('credential-expired/query.kql')
  }
  {
    name: 'grant-dead'
    settings: loadJsonContent('grant-dead/rule.json')
    query: loadTextContent('grant-dead/query.kql')
  }
  {
    name: 'scan-missed'
    settings: loadJsonContent('scan-missed/rule.json')
    query: loadTextContent('scan-missed/query.kql')
  }
  {
    name: 'consent-ending'
    settings: loadJsonContent('consent-ending/rule.json')
    query: loadTextContent('consent-ending/query.kql')
  }
  {
    name: 'dependencies-401-spike'
    settings: loadJsonContent('dependencies-401-spike/rule.json')
    query: loadTextContent('dependencies-401-spike/query.kql')
  }
  {
    name: 'inventory-shrank'
    settings: loadJsonContent('inventory-shrank/rule.json')
    query: loadTextContent('inventory-shrank/query.kql')
  }
  {
    name: 'poison-queue'
    settings: loadJsonContent('poison-queue/rule.json')
    query: loadTextContent('poison-queue/query.kql')
  }
  {
    name: 'refresh-ambiguous'
    settings: loadJsonContent('refresh-ambiguous/rule.json')
    query: loadTextContent('refresh-ambiguous/query.kql')
  }
  {
    name: 'refresh-failing'
    settings: loadJsonContent('refresh-failing/rule.json')
    query: loadTextContent('refresh-failing/query.kql')
  }
  {
    name: 'requests-401-spike'
    settings: loadJsonContent('requests-401-spike/rule.json')
    query: loadTextContent('requests-401-spike/query.kql')
  }
  {
    name: 'scan-incomplete'
    settings: loadJsonContent('scan-incomplete/rule.json')
    query: loadTextContent('scan-incomplete/query.kql')
  }
  {
    name: 'telemetry-delivery-failing'
    settings: loadJsonContent('telemetry-delivery-failing/rule.json')
    query: loadTextContent('telemetry-delivery-failing/query.kql')
  }
  {
    name: 'credential-expiring'
    settings: loadJsonContent('credential-expiring/rule.json')
    query: loadTextContent('credential-expiring/query.kql')
  }
  {
    name: 'digest'
    settings: loadJsonContent('digest/rule.json')
    query: loadTextContent('digest/query.kql')
  }
]

@export()
@description('What several queries begin with, by name.')
var queryHeads = {
  consents: loadTextContent('../kql/consents.kql')
  credentials: loadTextContent('../kql/credentials.kql')
  failing: loadTextContent('../kql/failing.kql')
  findings: loadTextContent('../kql/findings.kql')
  'given-up': loadTextContent('../kql/given-up.kql')
  grants: loadTextContent('../kql/grants.kql')
  incomplete: loadTextContent('../kql/incomplete.kql')
  settings: loadTextContent('../kql/settings.kql')
  shrunk: loadTextContent('../kql/shrunk.kql')
  silent: loadTextContent('../kql/silent.kql')
  undelivered: loadTextContent('../kql/undelivered.kql')
}

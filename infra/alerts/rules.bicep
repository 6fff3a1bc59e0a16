// Made by `npm run docs` from the folders beside it and from infra/kql: do not edit.

@export()
@description('Every alert rule, most severe first.')
var alertRules = [
  {
    name: 'rotated-token-not-stored'
    heads: ['settings', 'runs', 'grants']
    settings: loadJsonContent('rotated-token-not-stored/rule.json')
    query: loadTextContent('rotated-token-not-stored/query.kql')
  }
  {
    name: 'access-token-unavailable'
    heads: ['settings', 'runs', 'grants', 'shut-out', 'access-token-unavailable']
    settings: loadJsonContent('access-token-unavailable/rule.json')
    query: loadTextContent('access-token-unavailable/query.kql')
  }
  {
    name: 'credential-critical'
    heads: ['settings', 'runs', 'credentials', 'ending']
    settings: loadJsonContent('credential-critical/rule.json')
    query: loadTextContent('credential-critical/query.kql')
  }
  {
    name: 'credential-expired'
    heads: ['settings', 'runs', 'credentials', 'ending']
    settings: loadJsonContent('credential-expired/rule.json')
    query: loadTextContent('credential-expired/query.kql')
  }
  {
    name: 'credential-refused'
    heads: ['settings', 'runs', 'proofs']
    settings: loadJsonContent('credential-refused/rule.json')
    query: loadTextContent('credential-refused/query.kql')
  }
  {
    name: 'grant-dead'
    heads: ['settings', 'runs', 'grants']
    settings: loadJsonContent('grant-dead/rule.json')
    query: loadTextContent('grant-dead/query.kql')
  }
  {
    name: 'scan-missed'
    heads: ['settings', 'jobs', 'runs', 'scan-missed']
    settings: loadJsonContent('scan-missed/rule.json')
    query: loadTextContent('scan-missed/query.kql')
  }
  {
    name: 'consent-ending'
    heads: ['settings', 'runs', 'grants', 'consent-ending']
    settings: loadJsonContent('consent-ending/rule.json')
    query: loadTextContent('consent-ending/query.kql')
  }
  {
    name: 'credential-not-permitted'
    heads: ['settings', 'runs', 'proofs']
    settings: loadJsonContent('credential-not-permitted/rule.json')
    query: loadTextContent('credential-not-permitted/query.kql')
  }
  {
    name: 'dependencies-401-spike'
    heads: ['settings', 'runs', 'credentials', 'grants', 'proofs', 'http-calls', 'dependencies-401-spike', 'spikes']
    settings: loadJsonContent('dependencies-401-spike/rule.json')
    query: loadTextContent('dependencies-401-spike/query.kql')
  }
  {
    name: 'entra-old-secret-used'
    heads: ['settings', 'runs', 'credentials', 'sign-ins']
    settings: loadJsonContent('entra-old-secret-used/rule.json')
    query: loadTextContent('entra-old-secret-used/query.kql')
  }
  {
    name: 'entra-secret-refused'
    heads: ['settings', 'runs', 'proofs', 'sign-ins', 'entra-refusals']
    settings: loadJsonContent('entra-secret-refused/rule.json')
    query: loadTextContent('entra-secret-refused/query.kql')
  }
  {
    name: 'inventory-shrank'
    heads: ['settings', 'runs', 'jobs', 'inventory-shrank']
    settings: loadJsonContent('inventory-shrank/rule.json')
    query: loadTextContent('inventory-shrank/query.kql')
  }
  {
    name: 'poison-queue'
    heads: ['settings', 'runs', 'poison-queue']
    settings: loadJsonContent('poison-queue/rule.json')
    query: loadTextContent('poison-queue/query.kql')
  }
  {
    name: 'refresh-ambiguous'
    heads: ['settings', 'runs', 'grants']
    settings: loadJsonContent('refresh-ambiguous/rule.json')
    query: loadTextContent('refresh-ambiguous/query.kql')
  }
  {
    name: 'refresh-failing'
    heads: ['settings', 'runs', 'grants', 'shut-out', 'refresh-failing']
    settings: loadJsonContent('refresh-failing/rule.json')
    query: loadTextContent('refresh-failing/query.kql')
  }
  {
    name: 'requests-401-spike'
    heads: ['settings', 'requests-401-spike', 'spikes']
    settings: loadJsonContent('requests-401-spike/rule.json')
    query: loadTextContent('requests-401-spike/query.kql')
  }
  {
    name: 'rotation-failing'
    heads: ['settings', 'runs', 'proofs', 'rotation-failing']
    settings: loadJsonContent('rotation-failing/rule.json')
    query: loadTextContent('rotation-failing/query.kql')
  }
  {
    name: 'scan-incomplete'
    heads: ['settings', 'jobs', 'runs', 'scan-incomplete']
    settings: loadJsonContent('scan-incomplete/rule.json')
    query: loadTextContent('scan-incomplete/query.kql')
  }
  {
    name: 'telemetry-delivery-failing'
    heads: ['settings', 'telemetry-delivery-failing']
    settings: loadJsonContent('telemetry-delivery-failing/rule.json')
    query: loadTextContent('telemetry-delivery-failing/query.kql')
  }
  {
    name: 'credential-expiring'
    heads: ['settings', 'runs', 'credentials', 'ending']
    settings: loadJsonContent('credential-expiring/rule.json')
    query: loadTextContent('credential-expiring/query.kql')
  }
  {
    name: 'credential-unproven'
    heads: ['settings', 'runs', 'proofs']
    settings: loadJsonContent('credential-unproven/rule.json')
    query: loadTextContent('credential-unproven/query.kql')
  }
  {
    name: 'credential-without-end'
    heads: ['settings', 'runs', 'credentials', 'ending']
    settings: loadJsonContent('credential-without-end/rule.json')
    query: loadTextContent('credential-without-end/query.kql')
  }
  {
    name: 'digest'
    heads: [
      'settings'
      'runs'
      'credentials'
      'ending'
      'grants'
      'proofs'
      'findings'
      'consent-ending'
      'digest'
      'shut-out'
      'access-token-unavailable'
      'jobs'
      'scan-missed'
      'inventory-shrank'
      'poison-queue'
      'refresh-failing'
      'rotation-failing'
      'scan-incomplete'
      'telemetry-delivery-failing'
      'repeated'
    ]
    settings: loadJsonContent('digest/rule.json')
    query: loadTextContent('digest/query.kql')
  }
]

@export()
@description('What stands before queries, by name.')
var queryHeads = {
  'access-token-unavailable': loadTextContent('../alerts/access-token-unavailable/condition.kql')
  'consent-ending': loadTextContent('../alerts/consent-ending/condition.kql')
  credentials: loadTextContent('../kql/credentials.kql')
  'dependencies-401-spike': loadTextContent('../alerts/dependencies-401-spike/condition.kql')
  digest: loadTextContent('../alerts/digest/condition.kql')
  ending: loadTextContent('../kql/ending.kql')
  'entra-refusals': loadTextContent('../kql/entra-refusals.kql')
  findings: loadTextContent('../kql/findings.kql')
  grants: loadTextContent('../kql/grants.kql')
  'http-calls': loadTextContent('../kql/http-calls.kql')
  'inventory-shrank': loadTextContent('../alerts/inventory-shrank/condition.kql')
  jobs: loadTextContent('../kql/jobs.kql')
  'poison-queue': loadTextContent('../alerts/poison-queue/condition.kql')
  proofs: loadTextContent('../kql/proofs.kql')
  'refresh-failing': loadTextContent('../alerts/refresh-failing/condition.kql')
  repeated: loadTextContent('../kql/repeated.kql')
  'requests-401-spike': loadTextContent('../alerts/requests-401-spike/condition.kql')
  'rotation-failing': loadTextContent('../alerts/rotation-failing/condition.kql')
  runs: loadTextContent('../kql/runs.kql')
  'scan-incomplete': loadTextContent('../alerts/scan-incomplete/condition.kql')
  'scan-missed': loadTextContent('../alerts/scan-missed/condition.kql')
  settings: loadTextContent('../kql/settings.kql')
  'shut-out': loadTextContent('../kql/shut-out.kql')
  'sign-ins': loadTextContent('../kql/sign-ins.kql')
  spikes: loadTextContent('../kql/spikes.kql')
  'telemetry-delivery-failing': loadTextContent('../alerts/telemetry-delivery-failing/condition.kql')
}

@export()
@description('What stands after queries, by name.')
var queryTails = {
  'one-per-credential': loadTextContent('../kql/tails/one-per-credential.kql')
  'one-per-grant': loadTextContent('../kql/tails/one-per-grant.kql')
}

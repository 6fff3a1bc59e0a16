import type { Planted } from './plantedFaults.ts';

const VAULT = 'infra/modules/vault.bicep';

/** Found with the official definitions only. */
export const typedFaults: Planted[] = [
  {
    fault: 'a misspelt property',
    from: 'evaluationFrequency',
    to: 'evaluationFrequncy',
    found: /properties.evaluationFrequncy: no property of that name, did you mean 'evaluationFrequency'/,
  },
  {
    fault: 'a misspelt property deep inside',
    from: 'minFailingPeriodsToAlert',
    to: 'minFailingPeriods',
    found: /failingPeriods.minFailingPeriods: no property/,
  },
  {
    fault: 'a word outside an enumeration',
    from: "'Count'",
    to: "'Cuont'",
    found: /'Cuont' is not one of Count.*did you mean 'Count'/,
  },
  {
    fault: 'a word outside an enumeration in a lambda',
    from: "operator: 'Include'",
    to: "operator: 'Includes'",
    found: /'Includes' is not one of/,
  },
  {
    fault: 'a text for a number',
    from: 'severity: 2',
    to: "severity: '2'",
    found: /severity takes int, not "2"/,
  },
  {
    fault: 'a param of another type',
    file: VAULT,
    from: 'softDeleteRetentionInDays: days',
    to: 'softDeleteRetentionInDays: vaultName',
    found: /takes int, not string/,
  },
  {
    fault: 'an API version that is not there',
    from: 'scheduledQueryRules@2023-12-01',
    to: 'scheduledQueryRules@2022-01-01',
    found: /has no API version 2022-01-01/,
  },
  {
    fault: 'a required property left out',
    from: "location: 'Global'\n",
    to: '',
    found: /location is required and missing/,
  },
  {
    fault: 'a read-only property set',
    from: 'displayName: rule.name',
    to: 'isLegacyLogAnalyticsRule: true',
    found: /isLegacyLogAnalyticsRule is read-only/,
  },
  {
    fault: 'an unknown kind of a discriminated type',
    from: "'RemoveAllActionGroups'",
    to: "'RemoveActionGroups'",
    found: /actionType 'RemoveActionGroups' is not one of/,
  },
  {
    fault: 'a misspelt property of a nested resource',
    file: VAULT,
    from: 'keySize',
    to: 'keysize',
    found: /properties.keysize: no property of that name, did you mean 'keySize'/,
  },
  {
    fault: 'a property set on an existing resource',
    from: "name: 'log'\n",
    to: "name: 'log'\n  location: 'westeurope'\n",
    found: /cannot be set on an existing/,
  },
  {
    fault: 'a read of a property that the resource lacks',
    from: 'vault.properties.vaultUri',
    to: 'vault.properties.vaultUrl',
    file: VAULT,
    found: /'vaultUrl' is no property/,
  },
];

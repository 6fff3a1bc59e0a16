import type { Expression, Property, Resource } from './model.ts';
import { fullType } from './project.ts';

/** `null`: the property must be left out. */
type Word = string | boolean | null;

/**
 * What each resource of a type must say: no key opens it, nothing old or plain reaches it, and the few words that
 * the service insists on although the official definitions take any text. Several words: either branch of a condition.
 */
const posture: Record<string, Record<string, Word | Word[]>> = {
  'Microsoft.Storage/storageAccounts': {
    'properties.allowSharedKeyAccess': false,
    'properties.allowBlobPublicAccess': false,
    'properties.allowCrossTenantReplication': false,
    'properties.defaultToOAuthAuthentication': true,
    'properties.minimumTlsVersion': 'TLS1_2',
    'properties.supportsHttpsTrafficOnly': true,
    'properties.publicNetworkAccess': ['Enabled', 'Disabled'],
  },
  'Microsoft.Storage/storageAccounts/blobServices': {
    name: 'default',
    'properties.deleteRetentionPolicy.enabled': true,
    'properties.containerDeleteRetentionPolicy.enabled': true,
  },
  'Microsoft.Storage/storageAccounts/queueServices': { name: 'default' },
  'Microsoft.Insights/components': { kind: 'web', 'properties.DisableLocalAuth': true },
  'Microsoft.OperationalInsights/workspaces': { 'properties.features.disableLocalAuth': true },
  'Microsoft.KeyVault/vaults': {
    'properties.enableRbacAuthorization': true,
    'properties.enableSoftDelete': true,
    'properties.enablePurgeProtection': true,
    'properties.publicNetworkAccess': ['Enabled', 'Disabled'],
  },
  'Microsoft.Web/serverfarms': {
    'sku.name': 'FC1',
    'sku.tier': 'FlexConsumption',
    'properties.reserved': true,
  },
  'Microsoft.Web/sites': {
    kind: 'functionapp,linux',
    'properties.httpsOnly': true,
    'properties.siteConfig.minTlsVersion': '1.2',
    'properties.siteConfig.scmMinTlsVersion': '1.2',
    // What Flex Consumption has not, or says elsewhere.
    'properties.siteConfig.ftpsState': null,
    'properties.siteConfig.alwaysOn': null,
    'properties.siteConfig.linuxFxVersion': null,
    'properties.siteConfig.healthCheckPath': '/api/health',
  },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { 'properties.allow': false },
  'Microsoft.Authorization/roleDefinitions': { 'properties.type': 'CustomRole' },
  'Microsoft.EventGrid/systemTopics': { 'properties.topicType': 'Microsoft.KeyVault.vaults' },
  'Microsoft.Insights/diagnosticSettings': {
    'properties.logAnalyticsDestinationType': 'Dedicated',
  },
  'Microsoft.Insights/actionGroups': { location: 'global', 'properties.enabled': true },
  'Microsoft.AlertsManagement/actionRules': { location: 'Global', 'properties.enabled': true },
  'Microsoft.Network/privateDnsZones': { location: 'global' },
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': { location: 'global' },
  'Microsoft.Network/virtualNetworks': {
    'properties.subnets.1.properties.delegations.0.properties.serviceName': 'Microsoft.App/environments',
  },
};

/** Checks one resource against the words that its type must say. */
export const checkPosture = (resource: Resource, add: (line: number, message: string) => void): void => {
  for (const [path, wanted] of Object.entries(posture[fullType(resource).type] ?? {})) {
    const property = at(resource.body, path.split('.'));
    const allowed: unknown[] = [wanted].flat().map((word) => word ?? undefined);
    const given = property === undefined ? [undefined] : outcomes(property.value);
    if (!given.every((value) => allowed.includes(value)))
      add(
        property?.line ?? resource.line,
        `${resource.name}: ${path} must be ${wanted === null ? 'left out' : JSON.stringify(wanted)}`,
      );
  }
};

const outcomes = (value: Expression): unknown[] => {
  if (value.kind === 'ternary') return [...outcomes(value.whenTrue), ...outcomes(value.whenFalse)];
  return [value.kind === 'literal' ? value.value : undefined];
};

const at = (within: Expression, [head, ...rest]: string[]): Property | undefined => {
  const [next, ...after] = rest;
  const property = within.kind === 'object' ? within.properties.find(({ name }) => name === head) : undefined;
  if (property?.value.kind !== 'array' || next === undefined)
    return property === undefined || next === undefined ? property : at(property.value, rest);
  const item = property.value.items[Number(next)];
  return item === undefined ? undefined : at(item, after);
};

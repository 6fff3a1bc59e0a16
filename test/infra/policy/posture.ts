import { expression, type Resource, resourcesOf, type Template, textsIn } from '../template.ts';

/** `null`: the property must be left out. */
type Word = string | boolean | null;

const publicUnless = "if({publicAccess}, 'Enabled', 'Disabled')";

/**
 * What each resource of a type must say: no key opens it, nothing old or plain reaches it, and the few words that
 * the service insists on although the official definitions take any text.
 */
const POSTURE: Readonly<Record<string, Readonly<Record<string, Word>>>> = {
  'Microsoft.Storage/storageAccounts': {
    'properties.allowSharedKeyAccess': false,
    'properties.allowBlobPublicAccess': false,
    'properties.allowCrossTenantReplication': false,
    'properties.defaultToOAuthAuthentication': true,
    'properties.minimumTlsVersion': 'TLS1_2',
    'properties.supportsHttpsTrafficOnly': true,
    'properties.publicNetworkAccess': publicUnless,
  },
  'Microsoft.Storage/storageAccounts/blobServices': {
    name: "format('{0}/{1}', {accountName}, 'default')",
    'properties.deleteRetentionPolicy.enabled': true,
    'properties.containerDeleteRetentionPolicy.enabled': true,
  },
  'Microsoft.Storage/storageAccounts/blobServices/containers': { 'properties.publicAccess': 'None' },
  'Microsoft.Storage/storageAccounts/queueServices': { name: "format('{0}/{1}', {accountName}, 'default')" },
  'Microsoft.Insights/components': { kind: 'web', 'properties.DisableLocalAuth': true },
  'Microsoft.OperationalInsights/workspaces': { 'properties.features.disableLocalAuth': true },
  'Microsoft.KeyVault/vaults': {
    'properties.enableRbacAuthorization': true,
    'properties.enableSoftDelete': true,
    'properties.enablePurgeProtection': true,
    'properties.publicNetworkAccess': publicUnless,
  },
  'Microsoft.Web/serverfarms': {
    'sku.name': 'FC1',
    'sku.tier': 'FlexConsumption',
    'properties.reserved': true,
  },
  'Microsoft.Web/sites': {
    kind: 'functionapp,linux',
    'properties.httpsOnly': true,
    'properties.clientCertEnabled': false,
    'properties.siteConfig.minTlsVersion': '1.2',
    'properties.siteConfig.scmMinTlsVersion': '1.2',
    // What Flex Consumption has not, or says elsewhere.
    'properties.siteConfig.ftpsState': null,
    'properties.siteConfig.alwaysOn': null,
    'properties.siteConfig.linuxFxVersion': null,
    'properties.siteConfig.healthCheckPath': '/api/health',
  },
  // The service refuses them without a region, although the official definition has none.
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': {
    location: '{location}',
    'properties.allow': false,
  },
  'Microsoft.EventGrid/systemTopics': { 'properties.topicType': 'Microsoft.KeyVault.vaults' },
  'Microsoft.Insights/diagnosticSettings': { 'properties.logAnalyticsDestinationType': 'Dedicated' },
  'Microsoft.Insights/actionGroups': { location: 'global', 'properties.enabled': true },
  'Microsoft.AlertsManagement/actionRules': { location: 'Global', 'properties.enabled': true },
  'Microsoft.Network/privateDnsZones': { location: 'global' },
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': { location: 'global' },
  'Microsoft.Network/virtualNetworks': {
    'properties.subnets.1.properties.delegations.0.properties.serviceName': 'Microsoft.App/environments',
  },
};

const SECRET_LIKE =
  /AccountKey=|SharedAccessKey=|SharedAccessSignature|[?&]sig=|-----BEGIN|client_secret|^[A-Za-z0-9+/]{60,}={0,2}$|^eyJ[\w-]{10,}\./;
/** The address of a Logic App is asked for at deployment, and goes into the action group only. */
const HANDS_OUT_A_SECRET = /\b(?:list(?!CallbackUrl\()\w*|getSecret|new(?:Guid|Password))\(/;

/** Where a template opens a door that has to stay shut, and where it holds or gives out a secret. */
export const postureFaults = (template: Template): string[] => {
  const resources = resourcesOf(template);
  const missing = Object.keys(POSTURE).filter((type) => !resources.some((each) => each.type === type));
  return [
    ...missing.map((type) => `nothing of the type ${type} is deployed`),
    ...resources.flatMap(doorFaults),
    ...resources.filter(lacksTags).map(({ module, symbol }) => `${module}/${symbol}: it has no tags`),
    ...textsIn(template).flatMap(({ path, text }) => [
      ...(SECRET_LIKE.test(text) ? [`${path}: a key or a token is written here`] : []),
      ...(text.startsWith('[') && HANDS_OUT_A_SECRET.test(text)
        ? [`${path}: this asks for a key or a secret: ${text}`]
        : []),
    ]),
  ];
};

/** What has a region and takes no tags. */
const UNTAGGED = [
  'Microsoft.Resources/deployments',
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies',
];

/** A policy that wants a tag refuses whatever takes tags and has a region. */
const lacksTags = ({ type, body }: Resource): boolean =>
  body.location !== undefined && body.tags === undefined && !UNTAGGED.includes(type);

const doorFaults = ({ module, symbol, type, body, template }: Resource): string[] =>
  Object.entries(POSTURE[type] ?? {}).flatMap(([path, wanted]) => {
    const found = at(body, path.split('.'));
    const given = typeof found === 'string' ? expression(found, template) : (found ?? null);
    if (given === wanted) return [];
    const words = wanted === null ? 'left out' : JSON.stringify(wanted);
    return [`${module}/${symbol}: ${path} must be ${words}, not ${JSON.stringify(given)}`];
  });

const at = (value: unknown, [name, ...rest]: string[]): unknown =>
  name === undefined ? value : at((value as Record<string, unknown> | undefined)?.[name], rest);

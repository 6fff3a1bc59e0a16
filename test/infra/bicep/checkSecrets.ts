import type { BicepFile, Expression, Fault, Property, Resource } from './model.ts';
import { fullType } from './project.ts';
import { rootExpressions, walk } from './walk.ts';

/** What each resource of a type must say, so that no key opens it and nothing old or plain reaches it. */
const posture: Record<string, Record<string, string | boolean>> = {
  'Microsoft.Storage/storageAccounts': {
    'properties.allowSharedKeyAccess': false,
    'properties.allowBlobPublicAccess': false,
    'properties.minimumTlsVersion': 'TLS1_2',
    'properties.supportsHttpsTrafficOnly': true,
  },
  'Microsoft.Storage/storageAccounts/blobServices': { 'properties.deleteRetentionPolicy.enabled': true },
  'Microsoft.Insights/components': { 'properties.DisableLocalAuth': true },
  'Microsoft.OperationalInsights/workspaces': { 'properties.features.disableLocalAuth': true },
  'Microsoft.KeyVault/vaults': {
    'properties.enableRbacAuthorization': true,
    'properties.enableSoftDelete': true,
    'properties.enablePurgeProtection': true,
  },
  'Microsoft.Web/sites': {
    'properties.httpsOnly': true,
    'properties.siteConfig.minTlsVersion': '1.2',
    'properties.siteConfig.scmMinTlsVersion': '1.2',
    'properties.siteConfig.ftpsState': 'Disabled',
    'properties.siteConfig.healthCheckPath': '/api/health',
  },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { 'properties.allow': false },
};

/** No key or secret is asked for, written down or given out, and no door is left open. */
export const checkSecrets = (file: BicepFile): Fault[] => {
  const faults: Fault[] = [];
  const add = (line: number, message: string) =>
    faults.push({ path: file.path, line, check: 'secret', message });
  for (const root of rootExpressions(file))
    walk(root, (expression) => {
      if (
        expression.kind === 'call' &&
        /^(list(?!CallbackUrl$)|getSecret|new(Guid|Password))/.test(expression.name)
      )
        add(expression.line, `${expression.name}() hands out a key or a secret`);
      if (
        expression.kind === 'literal' &&
        typeof expression.value === 'string' &&
        secretLike.test(expression.value)
      )
        add(expression.line, 'a key or a token is written here');
    });
  const secure = file.params.filter(({ decorators }) => decorators.some(({ name }) => name === 'secure'));
  for (const output of file.outputs)
    walk(output.value, (inner) => {
      if (inner.kind === 'name' && secure.some(({ name }) => name === inner.name))
        add(output.line, `the output ${output.name} gives out the secure param ${inner.name}`);
    });
  for (const resource of file.resources) if (!resource.existing) checkPosture(resource, add);
  return faults;
};

const secretLike =
  /AccountKey=|SharedAccessKey=|SharedAccessSignature|[?&]sig=|-----BEGIN|client_secret|^[A-Za-z0-9+/]{60,}={0,2}$|^eyJ[\w-]{10,}\./;

const checkPosture = (resource: Resource, add: (line: number, message: string) => void): void => {
  for (const [path, wanted] of Object.entries(posture[fullType(resource).type] ?? {})) {
    const property = at(resource.body, path.split('.'));
    const given = property?.value.kind === 'literal' ? property.value.value : undefined;
    if (given !== wanted)
      add(property?.line ?? resource.line, `${resource.name}: ${path} must be ${JSON.stringify(wanted)}`);
  }
};

const at = (object: Expression, [head, ...rest]: string[]): Property | undefined => {
  const property = object.kind === 'object' ? object.properties.find(({ name }) => name === head) : undefined;
  return property === undefined || rest.length === 0 ? property : at(property.value, rest);
};

import { describe, expect, it } from 'vitest';
import { checkProject, formatFault } from './bicep/checkProject.ts';
import { officialTypes } from './bicep/givenTypes.ts';
import { infraTexts } from './bicep/infraTexts.ts';

/** One change to the real infrastructure, and the check that must object. */
const mutations: {
  change: string;
  file: string;
  from: string;
  to: string;
  found: RegExp;
  needsTypes?: boolean;
}[] = [
  {
    change: 'the scanner made Key Vault Secrets User',
    file: 'infra/modules/roleAssignments.bicep',
    from: '21090545-7ca7-4776-b22c-e363652d74d2',
    to: '4633458b-17de-408a-b874-0445c86b69e6',
    found:
      /\[role\] scanVault: the role 4633458b-\S+ to scannerPrincipalId on vault is not on the allow-list/,
  },
  {
    change: 'grants opened to the scanner',
    file: 'infra/modules/roleAssignments.bicep',
    from: "    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', refresherRoleName)\n    principalId: refresherPrincipalId",
    to: "    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', refresherRoleName)\n    principalId: scannerPrincipalId",
    found: /\[role\] refreshGrants: the role refresherRoleName to scannerPrincipalId/,
  },
  {
    change: 'the condition on the name of the secret dropped',
    file: 'infra/modules/roleAssignments.bicep',
    from: '    condition: onlyGrantSecrets\n',
    to: '',
    found: /\[role\] refreshGrants: its condition is not the allowed one: \(none\)/,
  },
  {
    change: 'reading a secret judged by the request, which has no name of a secret',
    file: 'infra/modules/roleAssignments.bicep',
    from: '@Resource[',
    to: '@Request[',
    found: /\[role\] refreshGrants: its condition is not the allowed one/,
  },
  {
    change: 'a param that the linter takes for a secret',
    file: 'infra/modules/roleAssignments.bicep',
    from: 'param grantSecretNamePrefix string',
    to: 'param grantSecretPrefix string',
    found: /\[linter\] secure-secrets-in-params: grantSecretPrefix/,
  },
  {
    change: 'the custom role allowed to delete',
    file: 'infra/modules/refresherRole.bicep',
    from: "'Microsoft.KeyVault/vaults/secrets/update/action'",
    to: "'Microsoft.KeyVault/vaults/secrets/update/action'\n          'Microsoft.KeyVault/vaults/secrets/delete'",
    found: /\[role\] role: the custom role may also Microsoft.KeyVault\/vaults\/secrets\/delete/,
  },
  {
    change: 'an enumeration of the storage account',
    file: 'infra/modules/storage.bicep',
    from: "publicAccess: 'None'",
    to: "publicAccess: 'Nobody'",
    found: /\[resource\] containers: properties.publicAccess: 'Nobody' is not one of/,
    needsTypes: true,
  },
  {
    change: 'an API version',
    file: 'infra/modules/functionApp.bicep',
    from: 'Microsoft.Web/sites@2024-11-01',
    to: 'Microsoft.Web/sites@2024-11-11',
    found: /\[resource\] app: Microsoft.Web\/sites has no API version 2024-11-11/,
    needsTypes: true,
  },
  {
    change: 'a property of the function app',
    file: 'infra/modules/functionApp.bicep',
    from: 'scaleAndConcurrency',
    to: 'scaleAndConcurency',
    found: /scaleAndConcurency: no property of that name, did you mean 'scaleAndConcurrency'/,
    needsTypes: true,
  },
  {
    change: 'a door of the function app without its region',
    file: 'infra/modules/functionApp.bicep',
    from: '    #disable-next-line BCP187\n    location: location\n',
    to: '',
    found: /\[resource\] ftpCredentials: location is required by the service and missing/,
    needsTypes: true,
  },
  {
    change: 'a param of a module',
    file: 'infra/modules/application.bicep',
    from: '    blobEndpoint: stores.outputs.blobEndpoint\n',
    to: '    blobEndpiont: stores.outputs.blobEndpoint\n',
    found: /\[module\] functionApp: functionApp.bicep has no param blobEndpiont/,
  },
  {
    change: 'a region without Flex Consumption',
    file: 'infra/samples/dev.bicepparam',
    from: "location = 'westeurope'",
    to: "location = 'westeuropa'",
    found: /\[module\] location: 'westeuropa' is not one of/,
  },
  {
    change: 'a vault of a sample without its name',
    file: 'infra/samples/prod.bicepparam',
    from: "    name: 'kv-contoso-partners'\n",
    to: '',
    found: /\[module\] existingVaults\[1\].name is required and missing/,
  },
  {
    change: 'a query file of an alert rule',
    file: 'infra/alerts/rules.bicep',
    from: 'scan-missed/query.kql',
    to: 'scan-mised/query.kql',
    found: /\[load\] loadTextContent: there is no infra\/alerts\/scan-mised\/query.kql/,
  },
  {
    change: 'a property of the sealing vault that the other vaults have',
    file: 'infra/modules/watching.bicep',
    from: '  holdsGrants: true\n',
    to: '  holdsGrant: true\n',
    found: /\[symbol\] 'holdsGrants' may be absent/,
  },
  {
    change: 'a service of a private endpoint',
    file: 'infra/modules/stores.bicep',
    from: "['blob', 'queue', 'table']",
    to: "['blobs', 'queue', 'table']",
    found: /\[module\] storageEndpoints.groupId: 'blobs' is not one of/,
  },
  {
    change: 'the audit log sent to the old table',
    file: 'infra/modules/vaultDiagnostics.bicep',
    from: "'Dedicated'",
    to: "'AzureDiagnostics'",
    found: /logAnalyticsDestinationType must be "Dedicated"/,
  },
  {
    change: 'a property that Flex Consumption has not',
    file: 'infra/modules/functionApp.bicep',
    from: '      http20Enabled: true\n',
    to: "      http20Enabled: true\n      ftpsState: 'Disabled'\n",
    found: /ftpsState must be left out/,
  },
  {
    change: 'shared keys allowed',
    file: 'infra/modules/storage.bicep',
    from: 'allowSharedKeyAccess: false',
    to: 'allowSharedKeyAccess: true',
    found: /\[secret\] account: properties.allowSharedKeyAccess must be false/,
  },
  {
    change: 'local authentication of Application Insights left on',
    file: 'infra/modules/monitoring.bicep',
    from: '    DisableLocalAuth: true\n',
    to: '',
    found: /\[secret\] component: properties.DisableLocalAuth must be true/,
  },
];

describe('a change to the infrastructure', () => {
  for (const { change, file, from, to, found, needsTypes } of mutations)
    it.skipIf(needsTypes === true && officialTypes === undefined)(`is found: ${change}`, () => {
      const texts = infraTexts();
      const text = texts.get(file) ?? '';
      expect(text).toContain(from);
      const faults = checkProject(texts.set(file, text.replace(from, to)), officialTypes).map(formatFault);
      expect(faults.join('\n')).toMatch(found);
    });
});

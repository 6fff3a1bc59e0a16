import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { interfaceFaults } from './policy/interfaces.ts';
import { postureFaults } from './policy/posture.ts';
import { ALLOWED_ROLES, roleFaults } from './policy/roles.ts';
import { infraTexts, ROOT, type Template, templateText } from './template.ts';

const text = templateText();
const faultsOf = (template: Template): string[] => [
  ...roleFaults(template),
  ...postureFaults(template),
  ...interfaceFaults(template),
];

describe('the compiled template', () => {
  const template: Template = JSON.parse(text);

  it('assigns the allowed roles and no others', () => {
    expect(roleFaults(template)).toEqual([]);
  });

  it('holds no secret, gives none out and opens nothing to a key', () => {
    expect(postureFaults(template)).toEqual([]);
  });

  it('reads every output of a module, seals every type and gives out no secure parameter', () => {
    expect(interfaceFaults(template)).toEqual([]);
  });

  it('has a reason beside each role in the Bicep files, and a line in the guide to deployment', () => {
    const bicep = [...infraTexts()].filter(([path]) => path.endsWith('.bicep'));
    const assignments = bicep.flatMap(([, source]) => [
      ...source.matchAll(/(.*)\nresource \w+ 'Microsoft\.Authorization\/roleAssignments@/g),
    ]);
    expect(assignments).toHaveLength(ALLOWED_ROLES.length);
    for (const [, before] of assignments) expect(before).toMatch(/^\/\/ Why: /);
    const guide = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
    const titles = ALLOWED_ROLES.map(({ title }) => title.replace(/^Storage (Queue|Table) Data.*/, '$1'));
    expect(titles.filter((title) => !guide.includes(title))).toEqual([]);
  });
});

/** One change to the compiled template, and the words that must object to it. */
const REFUSED: readonly (readonly [change: string, from: string | RegExp, to: string, found: RegExp])[] = [
  [
    'the scanner made Key Vault Secrets User',
    /21090545-7ca7-4776-b22c-e363652d74d2/g,
    '4633458b-17de-408a-b874-0445c86b69e6',
    /the role 4633458b-\S+ to \{scannerPrincipalId\} on \S+vaults', \{vaultName\}\) is not on the list/,
  ],
  [
    'grants opened to the scanner',
    /(parameters\('refresherRoleName'\)\)\]",\s+"principalId": "\[parameters\(')refresher/,
    '$1scanner',
    /the role \{refresherRoleName\} to \{scannerPrincipalId\} on .* is not on the list/,
  ],
  [
    'the condition on the name of the secret dropped',
    /"condition": "\[replace\(variables\('onlySecretsOfPrefix'\)[^"]*",/,
    '',
    /has not the allowed condition: \(none\)/,
  ],
  [
    'the rotator let into the secrets of grants',
    "'PREFIX', parameters('rotatedSecretNamePrefix')",
    "'PREFIX', parameters('grantSecretNamePrefix')",
    /\{rotatorPrincipalId\} .* has not the allowed condition/,
  ],
  [
    'reading a secret judged by the request, which has no name of a secret',
    '@Resource[',
    '@Request[',
    /has not the allowed condition/,
  ],
  [
    'the custom role allowed to delete',
    '"Microsoft.KeyVault/vaults/secrets/update/action"',
    '"Microsoft.KeyVault/vaults/secrets/update/action", "Microsoft.KeyVault/vaults/secrets/delete"',
    /the custom role may do other things .*secrets\/delete/,
  ],
  ['the audit log sent to the old table', /"Dedicated"/g, '"AzureDiagnostics"', /must be "Dedicated"/],
  [
    'a property that Flex Consumption has not',
    '"http20Enabled": true',
    '"http20Enabled": true, "ftpsState": "Disabled"',
    /ftpsState must be left out/,
  ],
  ['shared keys allowed', /("allowSharedKeyAccess": )false/, '$1true', /allowSharedKeyAccess must be false/],
  [
    'local authentication of Application Insights left on',
    /,\s+"DisableLocalAuth": true/,
    '',
    /DisableLocalAuth must be true/,
  ],
  [
    'a door of the function app without its region',
    /("Microsoft.Web\/sites\/basicPublishingCredentialsPolicies",[\s\S]{0,300}?)"location": "[^"]*",/,
    '$1',
    /location must be "\{location\}", not null/,
  ],
  [
    'a link of a DNS zone without tags',
    /("Microsoft.Network\/privateDnsZones\/virtualNetworkLinks",[\s\S]{0,300}?)"tags": "[^"]*",/,
    '$1',
    /network\/zoneLinks: it has no tags/,
  ],
  [
    'purge protection off',
    /("enablePurgeProtection": )true/,
    '$1false',
    /enablePurgeProtection must be true/,
  ],
  ['the app asked for over http', '"httpsOnly": true', '"httpsOnly": false', /httpsOnly must be true/],
  [
    'one container of the fallback account more, opened to the refresher',
    /("scope": "\[resourceId\([^"]*), 'keywatch-tokens'\)/,
    "$1, 'keywatch-control')",
    /\{refresherPrincipalId\} on .*'keywatch-control'\) is not on the list/,
  ],
  ['a public container', '"publicAccess": "None"', '"publicAccess": "Blob"', /publicAccess must be "None"/],
  [
    'a listed key',
    '"[tenant().tenantId]"',
    "\"[listKeys('a', '2025-01-01').value]\"",
    /asks for a key or a secret/,
  ],
  ['an account key', '"Keywatch: work queues"', '"AccountKey=abc"', /a key or a token is written here/],
  [
    'an output that nobody reads',
    /("outputs": \{)(\s+"vaultId")/,
    '$1"spare": { "type": "string", "value": "x" },$2',
    /nothing reads the output keyVault.spare/,
  ],
  [
    'a type that takes misspelt properties',
    '"additionalProperties": false',
    '"a": 1',
    /a misspelt property of/,
  ],
  [
    'a secure parameter given out',
    /("groupId": \{[^{}]*\{[^{}]*\},\s+"value": )"[^"]*"/,
    '$1"[string(parameters(\'webhooks\'))]"',
    /gives out a secure parameter/,
  ],
];

describe('a change to the infrastructure', () => {
  it.each(REFUSED)('is found: %s', (_, from, to, found) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(faultsOf(JSON.parse(changed)).join('\n')).toMatch(found);
  });
});

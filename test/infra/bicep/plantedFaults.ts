/** Each row is one change to a project without faults, and the words of the one fault it must cause. */
export interface Planted {
  fault: string;
  from: string;
  to: string;
  found: RegExp;
  file?: string;
}

export const MAIN = 'infra/main.bicep';
const VAULT = 'infra/modules/vault.bicep';

/** Found without the official definitions. */
export const plainFaults: Planted[] = [
  { fault: 'a brace that is never closed', from: '}]\n\nresource', to: ']\n\nresource', found: /\[syntax\]/ },
  {
    fault: 'two properties on one line',
    from: 'severity: 2\n',
    to: 'severity: 2 ',
    found: /comma or a new line/,
  },
  {
    fault: 'a loop inside an array',
    from: "actions: [{ actionType: 'RemoveAllActionGroups' }]",
    to: "actions: [[for rule in rules: { actionType: 'RemoveAllActionGroups' }]]",
    found: /loop may not stand/,
  },
  {
    fault: 'a misspelt variable',
    from: 'query: query',
    to: 'query: qeury',
    found: /nothing is named 'qeury', did you mean 'query'/,
  },
  {
    fault: 'a variable that is never used',
    from: 'var query',
    to: 'var unused = 1\nvar query',
    found: /'unused' is never used/,
  },
  {
    fault: 'a misspelt function',
    from: 'dimensions: map(',
    to: 'dimensions: mpa(',
    found: /no function mpa, did you mean 'map'/,
  },
  {
    fault: 'a property that the loaded JSON lacks',
    from: 'displayName: rule.name',
    to: 'displayName: rule.title',
    found: /'title' is no property/,
  },
  {
    fault: 'a read of a property that may be absent',
    from: 'rule.?mute',
    to: 'rule.mute',
    found: /'mute' may be absent/,
  },
  {
    fault: 'a misspelt property of a user-defined type',
    from: 'vaultName: each.name',
    to: 'vaultName: each.nam',
    found: /'nam' is no property/,
  },
  {
    fault: 'a module that is not there',
    from: "'modules/vault.bicep'",
    to: "'modules/vaults.bicep'",
    found: /\[module\].*is no readable file/,
  },
  {
    fault: 'a module param that is not declared',
    from: "location: 'westeurope'\n  }",
    to: "location: 'westeurope'\n    dayz: 7\n  }",
    found: /has no param dayz, did you mean 'days'/,
  },
  {
    fault: 'a module param left out',
    from: '    vaultName: each.name\n',
    to: '',
    found: /required param vaultName is missing/,
  },
  {
    fault: 'a module param of another type',
    from: 'vaultName: each.name',
    to: 'vaultName: 5',
    found: /homes.vaultName takes string, not int/,
  },
  {
    fault: 'a module param outside its @allowed',
    from: "location: 'westeurope'",
    to: "location: 'westeurop'",
    found: /'westeurop' is not one of/,
  },
  {
    fault: 'a module param below its @minLength',
    from: 'vaultName: each.name',
    to: "vaultName: 'kv'",
    found: /shorter than 3/,
  },
  {
    fault: 'an output that the module lacks',
    from: 'outputs.vaultUri',
    to: 'outputs.vaultUrl',
    found: /'vaultUrl' is no property/,
  },
  {
    fault: 'a query file that is not there',
    from: "'one.kql'",
    to: "'two.kql'",
    found: /\[load\] loadTextContent: there is no infra\/two.kql/,
  },
  {
    fault: 'a param without a description',
    from: "@description('Vaults to watch.')\n",
    to: '',
    found: /vaults has no @description/,
  },
  {
    fault: 'a type that takes misspelt properties',
    file: 'infra/types.bicep',
    from: '@sealed()\n',
    to: '',
    found: /vaultReference is not @sealed/,
  },
  {
    fault: 'a decorator on the wrong type',
    file: VAULT,
    from: '@minValue(7)',
    to: '@minLength(7)',
    found: /@minLength does not apply to days/,
  },
  {
    fault: 'a name that is known too late',
    from: "name: 'maintenance'",
    to: 'name: workspace.properties.customerId',
    found: /\[runtime\] the name of maintenance/,
  },
  {
    fault: 'a region that is read from a resource that exists',
    from: 'location: resourceGroup().location',
    to: 'location: workspace.location',
    found: /\[runtime\] the location of alerts/,
  },
  {
    fault: 'an imported type that is not there',
    from: 'import { vaultReference }',
    to: 'import { vaultReferenc }',
    found: /exports no vaultReferenc/,
  },
  {
    fault: 'an account key',
    from: 'description: window!',
    to: "description: 'AccountKey=abc'",
    found: /\[secret\]/,
  },
  {
    fault: 'a listed key',
    from: 'description: window!',
    to: "description: listKeys('a', '2025-01-01').value",
    found: /listKeys\(\) hands out/,
  },
  {
    fault: 'purge protection off',
    file: VAULT,
    from: 'enablePurgeProtection: true',
    to: 'enablePurgeProtection: false',
    found: /enablePurgeProtection must be true/,
  },
  {
    fault: 'a param that the linter takes for a secret',
    file: VAULT,
    from: 'param vaultName string',
    to: "@description('Start of a name.')\nparam secretPrefix string\n\nparam vaultName string",
    found: /secure-secrets-in-params: secretPrefix/,
  },
  {
    fault: 'an address of one cloud only',
    from: 'description: window!',
    to: "description: 'https://kv-one.vault.azure.net'",
    found: /no-hardcoded-env-urls: vault.azure.net/,
  },
  {
    fault: 'a value for a param that is not there',
    file: 'infra/main.bicepparam',
    from: 'param vaults',
    to: 'param vault',
    found: /has no param vault, did you mean 'vaults'/,
  },
  {
    fault: 'a value with a misspelt property',
    file: 'infra/main.bicepparam',
    from: 'name:',
    to: 'nmae:',
    found: /no property nmae/,
  },
  {
    fault: 'an output that nobody reads',
    from: 'output firstUri string = homes[0].outputs.vaultUri',
    to: "output firstUri string = 'https://kv-one.vault.azure.net'",
    found: /the output 'vaultUri' is never read/,
  },
];

import { MAIN, type Planted } from './plantedFaults.ts';

const VAULT = 'infra/modules/vault.bicep';
const TYPES = 'infra/types.bicep';
const URI = 'output firstUri string = homes[0].outputs.vaultUri';
const WINDOW = 'description: window!';
const NAMED = "name: 'maintenance'";
const ACTIONS = "actions: [{ actionType: 'RemoveAllActionGroups' }]";
const GROUP = "@description('Group of the vault.')";

type Row = [fault: string, from: string, to: string, found: RegExp, file?: string];

/** What the compiler refuses by a rule of its own; each row names the error. */
const rows: Row[] = [
  ['a property given twice', 'severity: 2\n', 'severity: 2\n    severity: 3\n', /BCP025/],
  [
    'a type declared twice',
    '@export()',
    "@sealed()\n@description('One more vault.')\ntype vaultReference = {\n  @description('Its name.')\n  name: string\n}\n\n@export()",
    /vaultReference is declared twice/,
    TYPES,
  ],
  ['an output declared twice', URI, `${URI}\n\n@description('Again, the first.')\n${URI}`, /declared twice/],
  ['a name in another case', 'var query', "var Query = 'x'\nvar query", /BCP353: query/],
  ['a name that is reserved', 'var query', 'var az = 1\nvar query', /BCP084: the name az/],
  [
    'an imported name used again',
    'var query',
    'var vaultReference = 1\nvar query',
    /vaultReference is declared/,
  ],
  ['a default of what may be null', 'param window string?', "param window string? = 'x'", /BCP326/],
  ['a smallest above the largest', '@minLength(3)', '@minLength(30)\n@maxLength(24)', /BCP331/, VAULT],
  ['a default below the smallest', 'int = 90', 'int = 5', /BCP327/, VAULT],
  ['a default too short', 'vaultName string', "vaultName string = 'a'", /BCP332/, VAULT],
  ['a negative length', '@minLength(3)', '@minLength(-3)', /BCP168/, VAULT],
  ['a decorator twice', '@minLength(3)', '@minLength(3)\n@minLength(4)', /BCP166/, VAULT],
  [
    'a decorator that a property has not',
    GROUP,
    `@allowed(['a'])\n  ${GROUP}`,
    /no decorator @allowed/,
    TYPES,
  ],
  ['a decorator of an int on a text', GROUP, `@minValue(3)\n  ${GROUP}`, /@minValue does not apply/, TYPES],
  ['an argument too many', 'map(vaults,', 'map(vaults, vaults,', /map\(\) takes \(af\)/],
  ['an argument too few', 'map(vaults, each =>', 'map(each =>', /map\(\) takes \(af\)/],
  ['an argument of another kind', `name: 'vault-\${i}'`, 'name: toLower(vaults)', /toLower\(\) takes \(s\)/],
  [
    'a path that is worked out',
    "loadTextContent('one.kql')",
    `loadTextContent('\${'one'}.kql')`,
    /takes \(ls\?\)/,
  ],
  ['a text as a condition', 'if (window != null)', 'if (query)', /condition of maintenance is a string/],
  ['a loop over a text', 'for (each, i) in vaults', 'for (each, i) in query', /runs over is a string/],
  ['a text denied', 'enabled: true\n    description', 'enabled: !query\n    description', /operand of !/],
  ['a text asked for the truth', 'severity: 2', 'severity: query ? 1 : 2', /what \? asks is a string/],
  [
    'an output of another type',
    'output firstUri string',
    'output firstUri int',
    /output firstUri is a string/,
  ],
  ['a slash in the name of a child', "name: 'seal'", "name: 'a/seal'", /BCP169, BCP170/, VAULT],
  ['a scope on a child', "name: 'seal'", "name: 'seal'\n    scope: vault", /BCP164/, VAULT],
  ['a resource in another group', NAMED, `${NAMED}\n  scope: resourceGroup('x')`, /BCP139/],
  [
    'a resource inside of a loop',
    '  }\n}]\n\nresource maintenance',
    "  }\n  resource inner 'inner' = {\n    name: 'inner'\n  }\n}]\n\nresource maintenance",
    /BCP160/,
  ],
  [
    'two resources of one name',
    "  resource seal 'keys'",
    "  resource twin 'keys' = {\n    name: 'seal'\n    properties: { kty: 'RSA' }\n  }\n\n  resource seal 'keys'",
    /BCP121, BCP122: seal/,
    VAULT,
  ],
  ['a wait for what is no resource', NAMED, `${NAMED}\n  dependsOn: [query]`, /BCP034/],
  [
    'a property of a whole collection',
    'scopes: [workspace.id]\n    actions',
    'scopes: [alerts.id]\n    actions',
    /BCP144/,
  ],
  [
    'a lambda that picks a module',
    URI,
    URI.replace(/=.*/, "= join(map([0], i => homes[i].outputs.vaultUri), ',')"),
    /BCP247/,
  ],
  [
    'a lambda that lists',
    URI,
    URI.replace(/=.*/, "= join(map(vaults, i => listCallbackUrl(i.name, '2019-05-01').value), ',')"),
    /BCP248/,
  ],
  ['a lambda on its own', WINDOW, 'description: x => x', /BCP242/],
  [
    'a loop in a loop of a property',
    ACTIONS,
    'actions: [for a in vaults: { actionType: a.name, on: { each: [for b in vaults: b.name] } }]',
    /BCP142/,
  ],
  [
    'a default that asks a variable',
    "@description('Window, if",
    "@description('Some text.')\nparam text string = query\n\n@description('Window, if",
    /BCP072: the default of text/,
  ],
  [
    'a list function asked too early',
    WINDOW,
    "description: listCallbackUrl(homes[0].outputs.vaultUri, '2019-05-01').value",
    /what listCallbackUrl\(\) is asked for/,
  ],
  [
    'a loop over what is known too late',
    ACTIONS,
    "actions: [for a in split(homes[0].outputs.vaultUri, ','): { actionType: a }]",
    /a loop over a runs over/,
  ],
  ['a name known too late, in brackets', NAMED, "name: workspace['location']", /the name of maintenance/],
  [
    'a variable worked out from itself',
    "var query = loadTextContent('one.kql')",
    'var query = other\nvar other = query',
    /other is worked out from itself/,
  ],
  [
    'a module of itself',
    "@description('Address of the vault.')",
    "module again '../main.bicep' = {\n  name: 'again'\n  params: { vaults: [] }\n}\n\n@description('Address of the vault.')",
    /\[cycle\] is a module of itself/,
    VAULT,
  ],
  ['an escape that is none', NAMED, "name: 'main\\qtenance'", /BCP006/],
  ['a new line after a comma', "values: ['*'] }", "values: ['*',\n '+'] }", /BCP238/],
];

export const compilerFaults: Planted[] = rows.map(([fault, from, to, found, file = MAIN]) => ({
  fault,
  from,
  to,
  found,
  file,
}));

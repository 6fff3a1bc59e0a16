import type { Shape } from './model.ts';

const STRING: Shape = { kind: 'string' };
const INT: Shape = { kind: 'int' };
const BOOL: Shape = { kind: 'bool' };
const ANY: Shape = { kind: 'any' };
const ARRAY: Shape = { kind: 'array', item: ANY };
const scopeOf = (...names: string[]): Shape => ({
  kind: 'object',
  properties: new Map(names.map((name) => [name, STRING])),
});

/**
 * The Bicep functions that the templates may call and what each yields. A name that is not here is a fault: a
 * misspelt function, or one that wants a line of its own.
 */
export const functionResults: Record<string, Shape> = {
  any: ANY,
  cidrSubnet: STRING,
  concat: ANY,
  contains: BOOL,
  deployment: { kind: 'object' },
  empty: BOOL,
  endsWith: BOOL,
  environment: {
    kind: 'object',
    properties: new Map<string, Shape>([
      ['name', STRING],
      ['suffixes', scopeOf('storage', 'keyvaultDns')],
    ]),
  },
  fail: ANY,
  filter: ARRAY,
  flatten: ARRAY,
  format: STRING,
  guid: STRING,
  indexOf: INT,
  items: {
    kind: 'array',
    item: {
      kind: 'object',
      properties: new Map<string, Shape>([
        ['key', STRING],
        ['value', ANY],
      ]),
    },
  },
  join: STRING,
  last: ANY,
  length: INT,
  listCallbackUrl: { kind: 'object', properties: new Map([['value', STRING]]) },
  loadJsonContent: ANY,
  loadTextContent: STRING,
  managementGroup: { kind: 'object' },
  map: ARRAY,
  max: INT,
  min: INT,
  padLeft: STRING,
  parseCidr: { kind: 'object', properties: new Map([['cidr', INT]]) },
  range: { kind: 'array', item: INT },
  readEnvironmentVariable: STRING,
  replace: STRING,
  resourceGroup: scopeOf('id', 'name', 'location'),
  resourceId: STRING,
  skip: ANY,
  split: { kind: 'array', item: STRING },
  startsWith: BOOL,
  string: STRING,
  substring: STRING,
  subscription: scopeOf('id', 'subscriptionId', 'tenantId', 'displayName'),
  subscriptionResourceId: STRING,
  take: ANY,
  tenant: scopeOf('tenantId'),
  toLower: STRING,
  toObject: { kind: 'object' },
  toUpper: STRING,
  trim: STRING,
  union: ANY,
  uniqueString: STRING,
};

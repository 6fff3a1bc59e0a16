import * as z from 'zod';
import { configFile } from '../src/lib/config/file.ts';
import { PROVIDER_PRESETS } from '../src/lib/oauth/presets/providerPreset.ts';
import { type ProviderProfile, refreshUrlOf } from '../src/lib/oauth/rules/providerProfile.ts';

/** The part of JSON Schema that the schema of the config file is written in. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

const PRESETS = [...PROVIDER_PRESETS.values()];
const NEVER: JsonSchema = { not: {} };

/** Ids of presets, with what they are called for whoever chooses one. */
const presetIds = (presets: readonly ProviderProfile[]): JsonSchema => ({
  enum: presets.map(({ id }) => id),
  enumDescriptions: presets.map(({ displayName }) => displayName),
});

/** The values that the addresses of a preset need, each of them and no others. */
const variablesOf = (preset: ProviderProfile): JsonSchema => {
  const names = preset.endpointVariables;
  const description = (name: string): string =>
    `Stands for {${name}} in ${[preset.tokenEndpoint, refreshUrlOf(preset)].find((url) => url.includes(`{${name}}`))}.`;
  return {
    type: 'object',
    properties: Object.fromEntries(
      names.map((name) => [name, { type: 'string', description: description(name) }]),
    ),
    additionalProperties: false,
  };
};

/** What an entry has to say that goes by a preset: its variables, or an endpoint of its own instead. */
const entriesOf = (preset: ProviderProfile): readonly JsonSchema[] => {
  const { id, endpointVariables: required } = preset;
  const variables = variablesOf(preset);
  const named = { properties: { preset: { const: id } }, required: ['preset'] };
  // An entry that names no preset goes by the one of its own id.
  const byId = { properties: { id: { const: id }, preset: NEVER }, required: ['id'] };
  return [named, byId].flatMap(({ properties, required: names }) => {
    const entry = (more: readonly string[], given: JsonSchema): JsonSchema => ({
      type: 'object',
      properties: { ...properties, tokenEndpoint: { type: 'string' }, variables: given },
      required: [...names, ...more],
    });
    return required.length === 0
      ? [entry([], variables)]
      : [entry(['variables'], { ...variables, required }), entry(['tokenEndpoint'], variables)];
  });
};

/** An entry that goes by no preset says where tokens are sent. */
const CUSTOM_ENTRY: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', pattern: `^(?!(?:${PRESETS.map(({ id }) => id).join('|')})$)` },
    preset: NEVER,
    tokenEndpoint: { type: 'string' },
    variables: { type: 'object', properties: {}, additionalProperties: false },
  },
  required: ['id', 'tokenEndpoint'],
};

/** A schema with one of its members made more exact. */
const refined = (
  schema: JsonSchema,
  section: string,
  change: (items: JsonSchema) => JsonSchema,
): JsonSchema => {
  const list = schema.properties?.[section] ?? {};
  return {
    ...schema,
    properties: { ...schema.properties, [section]: { ...list, items: change(list.items ?? {}) } },
  };
};

const withMember = (schema: JsonSchema, name: string, more: JsonSchema): JsonSchema => ({
  ...schema,
  properties: { ...schema.properties, [name]: { ...schema.properties?.[name], ...more } },
});

/** JSON Schema of `keywatch.config.json`, by which editors complete and check it. */
export const configurationSchema = (): JsonSchema => {
  const schema = z.toJSONSchema(configFile, { io: 'input' }) as JsonSchema;
  const withProviders = refined(schema, 'providers', (entry) => ({
    ...withMember(entry, 'preset', presetIds(PRESETS)),
    anyOf: [...PRESETS.flatMap(entriesOf), CUSTOM_ENTRY],
  }));
  const alone = PRESETS.filter(({ endpointVariables }) => endpointVariables.length === 0);
  const withGrants = refined(withProviders, 'grants', (entry) =>
    withMember(entry, 'provider', { anyOf: [presetIds(alone), { type: 'string' }] }),
  );
  return {
    ...withGrants,
    description:
      'What Keywatch watches and by which rules. Holds no secret: it only names secrets in Key Vault.',
  };
};

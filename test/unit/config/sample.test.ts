import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import sample from '../../../keywatch.config.sample.json' with { type: 'json' };
import schema from '../../../keywatch.config.schema.json' with { type: 'json' };
import localSettings from '../../../local.settings.sample.json' with { type: 'json' };
import { configurationSchema, type JsonSchema } from '../../../scripts/configurationSchema.ts';
import { SETTINGS } from '../../../src/lib/config/settings.ts';
import { configOf, faultsOf } from '../../fakes/config.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('local.settings.sample.json', () => {
  it('holds every setting with its sample, and what the host itself needs', () => {
    const { FUNCTIONS_WORKER_RUNTIME, AzureWebJobsStorage, ...own } = localSettings.Values;
    expect([FUNCTIONS_WORKER_RUNTIME, AzureWebJobsStorage]).toEqual(['node', 'UseDevelopmentStorage=true']);
    const samples = Object.fromEntries(
      Object.entries(SETTINGS).map(([name, definition]) => [name, definition.sample]),
    );
    expect(own).toEqual({ APPLICATIONINSIGHTS_CONNECTION_STRING: '', ...samples });
  });

  it('together with the sample of the config file has no fault', () => {
    expect(faultsOf(localSettings.Values, sample)).toEqual([]);
  });
});

describe('keywatch.config.sample.json', () => {
  it('says what it shows: vaults, a preset, a provider of its own, a refreshed and an observed grant', () => {
    const { vaults, grants } = configOf(localSettings.Values, sample);
    expect(vaults.map(({ policy }) => policy.name)).toContain('front-desk');
    expect(grants.map(({ grant, profile }) => [grant.id, grant.mode, profile.rotation.kind])).toEqual([
      ['crm-bookings', 'refreshed', expect.any(String)],
      ['door-locks-lobby', 'observed', 'grace'],
    ]);
  });

  it('names the schema that lies beside it', () => {
    expect(JSON.parse(readFileSync(join(ROOT, sample.$schema), 'utf8'))).toEqual(schema);
  });
});

describe('keywatch.config.schema.json', () => {
  const isValid = (value: unknown) => z.fromJSONSchema(schema as never).safeParse(value).success;
  const vault = { url: 'https://kv-a.vault.azure.net' };

  it('accepts the sample and an empty file', () => {
    expect([isValid(sample), isValid({})]).toEqual([true, true]);
  });

  it.each<[string, unknown]>([
    ['a typing error in a key', { valuts: [] }],
    ['a typing error inside a vault', { vaults: [{ ...vault, ownr: 'x' }] }],
    ['a negative threshold', { defaults: { warning: -1 } }],
    ['a threshold that is no number', { defaults: { warning: 'soon' } }],
    ['a literal secret', { grants: [{ ...sample.grants[0], clientSecret: 'hunter2' }] }],
    ['a grant without its vault', { grants: [{ ...sample.grants[0], vault: undefined }] }],
    ['an unknown rotation', { providers: [{ id: 'x', rotation: { kind: 'sometimes' } }] }],
  ])('refuses %s, as reading the file does', (_what, value) => {
    const json = JSON.parse(JSON.stringify(value));
    expect([isValid(json), faultsOf({}, json).length > 0]).toEqual([false, true]);
  });

  it('describes every member, for whoever hovers over it', () => {
    const silent = ({ properties = {}, items, oneOf = [] }: JsonSchema, path = ''): string[] => [
      ...Object.entries(properties).flatMap(([name, member]) => [
        ...((member.description ?? '') === '' ? [`${path}.${name}`] : []),
        ...silent(member, `${path}.${name}`),
      ]),
      ...[...(items === undefined ? [] : [items]), ...oneOf].flatMap((inner) => silent(inner, `${path}[]`)),
    ];
    expect(silent(configurationSchema())).toEqual([]);
  });
});

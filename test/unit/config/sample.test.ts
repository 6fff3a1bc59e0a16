import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import sample from '../../../keywatch.config.sample.json' with { type: 'json' };
import schema from '../../../keywatch.config.schema.json' with { type: 'json' };
import localSettings from '../../../local.settings.sample.json' with { type: 'json' };
import { configurationSchema, type JsonSchema } from '../../../scripts/configurationSchema.ts';
import { SETTINGS } from '../../../src/lib/config/settings.ts';
import { PROVIDER_PRESETS } from '../../../src/lib/oauth/presets/providerPreset.ts';
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
  it('says what it shows: vaults, a directory, rules, a preset, a provider of its own, a refreshed and an observed grant, clients', () => {
    const { vaults, directory, ties, rules, grants, clients } = configOf(localSettings.Values, sample);
    expect(rules.map(({ origin }) => origin)).toEqual(['rules[0]', 'rules[1]', 'rules[2]']);
    expect([directory?.scope.policy.name, ties.size]).toEqual(['contoso-entra', 1]);
    expect(vaults.map(({ policy }) => policy.name)).toContain('front-desk');
    expect(grants.map(({ grant, profile }) => [grant.id, grant.mode, profile.rotation.kind])).toEqual([
      ['crm-bookings', 'refreshed', expect.any(String)],
      ['door-locks-lobby', 'observed', 'grace'],
    ]);
    expect(clients.map(({ id, subject }) => [id, subject.kind])).toEqual([
      ['guest-directory', 'client'],
      ['weather-api', 'api_key'],
    ]);
  });

  it('names the schema that lies beside it', () => {
    expect(JSON.parse(readFileSync(join(ROOT, sample.$schema), 'utf8'))).toEqual(schema);
  });
});

describe('keywatch.config.schema.json', () => {
  const read = z.fromJSONSchema(schema as never);
  const isValid = (value: unknown) => read.safeParse(value).success;
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
    ['a client without an id', { clients: [{ ...sample.clients[0], id: undefined }] }],
    ['an unknown rotation', { providers: [{ id: 'x', rotation: { kind: 'sometimes' } }] }],
  ])('refuses %s, as reading the file does', (_what, value) => {
    const json = JSON.parse(JSON.stringify(value));
    expect([isValid(json), faultsOf({}, json).length > 0]).toEqual([false, true]);
  });

  describe.each([...PROVIDER_PRESETS.values()])('of the preset $id', ({ id, endpointVariables }) => {
    const variables = Object.fromEntries(endpointVariables.map((name) => [name, 'contoso']));
    const agrees = (provider: object): boolean => {
      const json = { providers: [provider] };
      expect(faultsOf({}, json).length === 0).toBe(isValid(json));
      return isValid(json);
    };

    it('takes its variables, each of them, by name and by id', () => {
      expect(agrees({ id: 'mine', preset: id, variables })).toBe(true);
      expect(agrees({ id, variables })).toBe(true);
      expect(agrees({ id: 'mine', preset: id })).toBe(endpointVariables.length === 0);
      expect(agrees({ id })).toBe(endpointVariables.length === 0);
    });

    it('refuses others, and completes those that there are', () => {
      expect(agrees({ id: 'mine', preset: id, variables: { ...variables, unknown: 'x' } })).toBe(false);
      const offered = configurationSchema().properties?.['providers']?.items?.anyOf ?? [];
      const named = offered.find(({ properties = {} }) => properties['preset']?.const === id);
      expect(Object.keys(named?.properties?.['variables']?.properties ?? {})).toEqual(endpointVariables);
    });
  });

  it('takes a provider of its own by its endpoint, and no preset that there is not', () => {
    const tokenEndpoint = 'https://as.partner.example/token';
    const validity = (provider: object) => {
      const json = { providers: [provider] };
      return [isValid(json), faultsOf({}, json).length === 0];
    };
    expect(validity({ id: 'partner', tokenEndpoint })).toEqual([true, true]);
    expect(validity({ id: 'partner' })).toEqual([false, false]);
    expect(validity({ id: 'partner', preset: 'oktta', tokenEndpoint })).toEqual([false, false]);
    expect(validity({ id: 'partner', tokenEndpoint, variables: { domain: 'x' } })).toEqual([false, false]);
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

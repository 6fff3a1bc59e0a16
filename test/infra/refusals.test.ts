import { describe, expect, it } from 'vitest';
import { evaluation, Refused } from './bicep/evaluate.ts';
import { infraTexts } from './bicep/infraTexts.ts';
import type { Expression } from './bicep/model.ts';
import { fileAt, readProject } from './bicep/project.ts';

const project = readProject(infraTexts());
const fileOf = (path: string) => {
  const file = fileAt(project, path);
  if (file === undefined) throw new Error(`${path} cannot be read`);
  return file;
};
const main = fileOf('infra/main.bicep');
const PLACE = { subscription: { subscriptionId: 'sub' }, resourceGroup: { name: 'rg', id: 'id' } };

/** What a deployment with these params hears before anything is made: the words of a refusal, or undefined. */
const refusal = (given: Record<string, unknown>): string | undefined => {
  const told = { emailReceivers: [{ name: 'me', emailAddress: 'me@contoso.example' }] };
  try {
    expect(evaluation(main, { ...told, ...given })('prefix')).toBe('keywatch');
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.message;
    throw thrown;
  }
};

const GROUP = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg';
const WORKSPACE = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/log`;
const ACTIONS = `${GROUP}/providers/Microsoft.Insights/actionGroups/ag`;
const watch = (resourceId: string) => ({ watchedWorkspaces: [{ resourceId, location: 'westeurope' }] });

describe('a deployment is refused before its first resource, in words', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['nobody to tell', { emailReceivers: [] }, /^Nobody would be told/],
    ['six action groups', { existingActionGroupIds: Array(5).fill(ACTIONS) }, /five action groups at most/],
    ['a plain webhook', { webhooks: { a: 'https://a.example', b: 'http://b.example' } }, /https:/],
    ['a vault twice', { existingVaults: [{ name: 'kv-a' }, { name: 'KV-A' }] }, /vault twice/],
    [
      'a vault twice, in two groups',
      { existingVaults: [{ name: 'kv-a', resourceGroup: 'one' }, { name: 'kv-b' }, { name: 'kv-a' }] },
      /vault twice/,
    ],
    ['a name for a subscription', { discoverySubscriptionIds: ['production'] }, /a GUID.* production$/],
    [
      'a subscription with its path',
      { discoverySubscriptionIds: ['/subscriptions/11111111-1111-1111-1111-111111111111'] },
      /a GUID/,
    ],
    ['a workspace by name', { existingWorkspaceResourceId: 'log' }, /full resource id.*: log$/],
    ['a watched workspace by name', watch('log'), /full resource id.*: log$/],
    ['a watched workspace without a name', watch(WORKSPACE.replace(/log$/, '')), /full resource id/],
    ['a watched workspace without a group', watch(WORKSPACE.replace('/rg/', '//')), /full resource id/],
    ['a watched workspace that goes on', watch(`${WORKSPACE}/tables/t`), /full resource id/],
    ['a watched workspace with an address', watch(`https://portal${WORKSPACE}`), /full resource id/],
    ['a component as a workspace', watch(WORKSPACE.replace('OperationalInsights', 'Insights')), /full/],
    ['a workspace as an action group', { existingActionGroupIds: [ACTIONS, WORKSPACE] }, /: \S*\/log$/],
    ['an action group by name', { existingActionGroupIds: ['ag'] }, /full resource id.*: ag$/],
  ])('for %s', (_, given, words) => {
    expect(refusal(given)).toMatch(words);
  });

  it.each<[string, Record<string, unknown>]>([
    ['two vaults', { existingVaults: [{ name: 'kv-a' }, { name: 'kv-b' }] }],
    [
      'the vault of the sealing key named again',
      {
        existingVaults: [{ name: 'KV-Seal' }],
        existingSealingVaultName: 'kv-seal',
      },
    ],
    ['a subscription', { discoverySubscriptionIds: ['11111111-1111-1111-1111-111111111111'] }],
    ['a workspace', { existingWorkspaceResourceId: WORKSPACE }],
    [
      'ids in another case',
      { ...watch(WORKSPACE.toLowerCase()), existingActionGroupIds: [ACTIONS.toUpperCase()] },
    ],
    ['four action groups beside receivers', { existingActionGroupIds: Array(4).fill(ACTIONS) }],
    ['action groups only', { emailReceivers: [], existingActionGroupIds: Array(5).fill(ACTIONS) }],
    ['a webhook', { emailReceivers: [], webhooks: { a: 'https://a.example' } }],
  ])('but not for %s', (_, given) => {
    expect(refusal(given)).toBeUndefined();
  });

  it('and each sample goes through', () => {
    const samples = project.files.filter(({ using }) => using !== undefined);
    expect(samples.length).toBeGreaterThan(2);
    for (const sample of samples) {
      const worth = evaluation(sample, { readEnvironmentVariable: 'https://from.example' });
      const given = Object.fromEntries(sample.variables.map(({ name }) => [name, worth(name)]));
      expect(refusal(given), sample.path).toBeUndefined();
    }
  });

  it('whatever module would be first: the name of each begins with them', () => {
    for (const module of main.modules) {
      const name = module.body.properties.find((property) => property.name === 'name')?.value;
      const first: Expression | undefined = name?.kind === 'interpolated' ? name.parts[0] : undefined;
      expect(first, module.name).toMatchObject({ kind: 'name', name: 'prefix' });
    }
  });
});

describe('the vault of the sealing key', () => {
  const watching = fileOf('infra/modules/watching.bicep');
  const vaults = (existingVaults: Record<string, unknown>[]) =>
    evaluation(watching, { ...PLACE, existingVaults, sealingVaultName: 'kv-seal', sealingKeyName: 'seal' })(
      'vaults',
    );
  const rest = { subscriptionId: 'sub', resourceGroup: 'rg', diagnostics: true, systemTopicName: '' };

  it('is watched and holds grants where the list does not name it', () => {
    expect(vaults([{ name: 'kv-a' }])).toEqual([
      { ...rest, name: 'kv-a', holdsGrants: false, sealingKeyName: '' },
      { ...rest, name: 'kv-seal', holdsGrants: true, sealingKeyName: 'seal' },
    ]);
  });

  it.each([undefined, false, true])(
    'holds grants where the list says %s of it, and is there once',
    (holds) => {
      expect(vaults([{ name: 'KV-Seal', holdsGrants: holds, diagnostics: false }, { name: 'kv-a' }])).toEqual(
        [
          { ...rest, name: 'KV-Seal', holdsGrants: true, diagnostics: false, sealingKeyName: 'seal' },
          { ...rest, name: 'kv-a', holdsGrants: false, sealingKeyName: '' },
        ],
      );
    },
  );
});

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BicepCompiler } from '../../../scripts/bicep/bicepCompiler.ts';
import { findBicep } from '../../../scripts/bicep/findBicep.ts';
import { linesOf, type Params, REPORTED } from './params.ts';
import { sharedCompiler } from './sharedCompiler.ts';

const INFRA = join(import.meta.dirname, '../../../infra');
const bicep = findBicep(process.env);

const GROUP = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg';
const WORKSPACE = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/log`;
const ACTIONS = `${GROUP}/providers/Microsoft.Insights/actionGroups/ag`;
const SUBNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/spoke/subnets`;
const phone = { name: 'phone', countryCode: '43', phoneNumber: '6641234567' };
const nobodyElse = { receivers: {} };
const watch = (resourceId: string) => ({ watchedWorkspaces: [{ resourceId, location: 'westeurope' }] });

/** Stands for all that a deployment makes: nothing of it is made when its name cannot be worked out. */
const FIRST = `resource first 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: prefix
  location: location
}
`;

describe.skipIf(bicep === undefined)('a deployment is refused before its first resource, in words', () => {
  let compiler: BicepCompiler;
  let folder = '';
  let template = '';
  beforeAll(async () => {
    compiler = await sharedCompiler(bicep ?? '');
    // The compiler works out no secure param; what it holds is refused by the same words when it is not one.
    folder = await mkdtemp(join(tmpdir(), 'keywatch-infra-'));
    await cp(INFRA, folder, { recursive: true });
    const main = join(folder, 'main.bicep');
    const [refusals = ''] = (await readFile(main, 'utf8'))
      .replaceAll('@secure()\n', '')
      .split('\nvar token =');
    await writeFile(main, `${refusals}\n${FIRST}`);
    // What only the modules use would be an error of the linter's.
    await writeFile(join(folder, 'bicepconfig.json'), '{"analyzers":{"core":{"enabled":false}}}');
    const { contents = '' } = await compiler.compile(main);
    template = join(folder, 'main.json');
    await writeFile(template, contents);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const deploy = (given: Params) => compiler.predict(template, linesOf({ ...REPORTED, ...given }));

  it.each<[string, Params, RegExp]>([
    ['nobody to tell', nobodyElse, /Nobody would be notified/],
    ['nobody to tell of what is not urgent', { receivers: { sms: [phone] } }, /severity 2 to 4/],
    ['calls alone', { receivers: { email: [], voice: [phone] } }, /severity 2 to 4/],
    [
      'an address for what is urgent alone',
      { receivers: { email: [{ name: 'a', emailAddress: 'a@b', urgentOnly: true }] } },
      /severity 2 to 4/,
    ],
    ['six action groups', { existingActionGroupIds: Array(5).fill(ACTIONS) }, /five action groups at most/],
    [
      'six action groups of which some are urgent',
      { existingActionGroupIds: [ACTIONS], existingUrgentActionGroupIds: Array(4).fill(ACTIONS) },
      /five action groups at most/,
    ],
    ['a plain webhook', { webhooks: { a: 'https://a.example', b: 'http://b.example' } }, /https:/],
    ['a plain urgent webhook', { urgentWebhooks: { b: 'http://b.example' } }, /https:/],
    ['an address of its own over http', { publicUrl: 'http://a.example' }, /publicUrl must be https/],
    ['an address of its own with a path', { publicUrl: 'https://a.example/keywatch' }, /without a path/],
    ['an address of its own with a slash at its end', { publicUrl: 'https://a.example/' }, /without a path/],
    ['an address of its own with a user', { publicUrl: 'https://a@a.example' }, /publicUrl must be/],
    ['an address of its own without a host', { publicUrl: 'https://' }, /publicUrl must be/],
    ['a vault twice', { existingVaults: [{ name: 'kv-a' }, { name: 'KV-A' }] }, /vault twice/],
    [
      'a vault twice, in two groups',
      { existingVaults: [{ name: 'kv-a', resourceGroup: 'one' }, { name: 'kv-b' }, { name: 'kv-a' }] },
      /vault twice/,
    ],
    ['a vault without a name', { existingVaults: [{ name: ' ' }] }, /KEYWATCH_VAULT_IDS/],
    ['a name for a subscription', { discoverySubscriptionIds: ['production'] }, /a GUID.* production\b/],
    [
      'a subscription with its path',
      { discoverySubscriptionIds: [GROUP.split('/resourceGroups')[0]] },
      /a GUID/,
    ],
    ['a workspace by name', { existingWorkspaceResourceId: 'log' }, /full resource id.*: log\b/],
    ['a watched workspace without a name', watch(WORKSPACE.replace(/log$/, '')), /full resource id/],
    ['a watched workspace without a group', watch(WORKSPACE.replace('/rg/', '//')), /full resource id/],
    ['a watched workspace that goes on', watch(`${WORKSPACE}/tables/t`), /full resource id/],
    ['a watched workspace with an address', watch(`https://portal${WORKSPACE}`), /full resource id/],
    [
      'a workspace that is watched twice',
      {
        watchedWorkspaces: [
          ...watch(WORKSPACE).watchedWorkspaces,
          ...watch(WORKSPACE.toLowerCase()).watchedWorkspaces,
        ],
      },
      /watchedWorkspaces names a workspace twice/,
    ],
    [
      'its own workspace as one of others',
      { ...watch(WORKSPACE), existingWorkspaceResourceId: WORKSPACE.toUpperCase() },
      /or existingWorkspaceResourceId, whose 401s are watched anyhow/,
    ],
    ['a component as a workspace', watch(WORKSPACE.replace('OperationalInsights', 'Insights')), /full/],
    ['a workspace as an action group', { existingActionGroupIds: [ACTIONS, WORKSPACE] }, /: \S*\/log\b/],
    ['an action group by name', { existingUrgentActionGroupIds: ['ag'] }, /full resource id.*: ag\b/],
    [
      'a private endpoint without a network',
      { existingVaults: [{ name: 'kv-a', privateEndpoint: true }] },
      /privateEndpoint .* needs privateNetworking/,
    ],
    [
      'a network that is not asked for',
      { existingNetwork: { appSubnetId: `${SUBNET}/app`, endpointsSubnetId: `${SUBNET}/endpoints` } },
      /existingNetwork is for privateNetworking/,
    ],
    [
      'a network instead of its subnet',
      {
        privateNetworking: true,
        existingNetwork: { appSubnetId: `${SUBNET}/app`, endpointsSubnetId: SUBNET.replace('/subnets', '') },
      },
      /full resource ids.*: \S+virtualNetworks\/spoke\b/,
    ],
    [
      'a rotator that could write every grant',
      { rotateClientSecrets: true, rotatedSecretNamePrefix: 'oauth-' },
      /must begin with grantSecretNamePrefix \(oauth-\) and be longer.*: oauth-/,
    ],
    [
      'rotated secrets that nobody could prove',
      { rotateClientSecrets: true, rotatedSecretNamePrefix: 'app-secret-' },
      /must begin with grantSecretNamePrefix \(oauth-\)/,
    ],
    [
      'more instances than the network has addresses',
      { privateNetworking: true, maximumInstanceCount: 252 },
      /leaves 251 addresses .* allows 252/,
    ],
    [
      'a network of its least size',
      { privateNetworking: true, networkAddressPrefix: '10.0.0.0/28' },
      /leaves 3 addresses .* allows 40/,
    ],
  ])('for %s', async (_, given, words) => {
    await expect(deploy(given)).rejects.toThrow(words);
  });

  it.each<[string, Params]>([
    ['two vaults', { existingVaults: [{ name: 'kv-a' }, { name: 'kv-b' }] }],
    [
      'the vault of the sealing key named again',
      { existingVaults: [{ name: 'KV-Seal' }], existingSealingVaultName: 'kv-seal' },
    ],
    ['a workspace', { existingWorkspaceResourceId: WORKSPACE }],
    ['another one beside it', { ...watch(`${WORKSPACE}-2`), existingWorkspaceResourceId: WORKSPACE }],
    [
      'ids in another case',
      { ...watch(WORKSPACE.toLowerCase()), existingActionGroupIds: [ACTIONS.toUpperCase()] },
    ],
    ['four action groups beside receivers', { existingActionGroupIds: Array(4).fill(ACTIONS) }],
    ['action groups only', { ...nobodyElse, existingActionGroupIds: Array(5).fill(ACTIONS) }],
    ['a webhook', { ...nobodyElse, webhooks: { a: 'https://a.example' } }],
    ['an address of its own', { publicUrl: 'https://keywatch.contoso.example' }],
    ['a single instance', { maximumInstanceCount: 1 }],
    ['all the instances that there are', { maximumInstanceCount: 1000 }],
    [
      'as many instances as the network has addresses',
      { privateNetworking: true, maximumInstanceCount: 1000, networkAddressPrefix: '10.0.0.0/21' },
    ],
    [
      'instances whose number the network of somebody else has to hold',
      {
        privateNetworking: true,
        maximumInstanceCount: 1000,
        existingNetwork: { appSubnetId: `${SUBNET}/app`, endpointsSubnetId: `${SUBNET}/endpoints` },
      },
    ],
  ])('but not for %s', async (_, given) => {
    expect((await deploy(given)).map(({ name }) => name)).toEqual(['keywatch']);
  });

  it('for all its faults at once', async () => {
    const faulty = { ...nobodyElse, existingVaults: [{ name: 'kv-a' }, { name: 'KV-A' }] };
    await expect(deploy(faulty)).rejects.toThrow(/Nobody would be notified.* vault twice/);
  });

  it('whatever would be made first: the name of each module begins with them', async () => {
    const modules = [
      ...(await readFile(join(INFRA, 'main.bicep'), 'utf8')).matchAll(/^module .*\n {2}name: (.*)/gm),
    ];
    expect(modules.length).toBeGreaterThan(2);
    for (const [, name] of modules) expect(name).toMatch(/^'\$\{prefix\}-/);
  });
});

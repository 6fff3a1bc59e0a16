import { describe, expect, it } from 'vitest';
import type { Predicted } from '../../../scripts/bicep/bicepCompiler.ts';
import { findBicep } from '../../../scripts/bicep/findBicep.ts';
import type { Params } from './params.ts';
import { lastOf, OTHERS, ofType, one, startDeployments, withoutSuffix } from './predictions.ts';

const bicep = findBicep(process.env);

describe.skipIf(bicep === undefined)('a deployment', () => {
  const deploy = startDeployments(bicep ?? '');
  /** What has nothing to do with one another: each deployment that is worked out takes a moment. */
  const CHOSEN: Params = {
    ...{ nodeVersion: '22', zoneRedundant: true, siteUpdateStrategy: 'RollingUpdate' },
    ...{ maximumInstanceCount: 1, resourceLogs: false },
    publicUrl: 'https://keywatch.contoso.example',
  };
  const settingsOf = (resources: Predicted[]) =>
    one(resources, 'Microsoft.Web/sites/config', 'appsettings').properties;

  describe('of the app', () => {
    it('names its storage by account and by addresses', async () => {
      const resources = await deploy();
      const settings = settingsOf(resources);
      expect(settings.AzureWebJobsStorage__accountName).toMatch(/^stkeywatch\w{13}$/);
      for (const service of ['blob', 'queue', 'table'])
        expect(settings[`AzureWebJobsStorage__${service}ServiceUri`]).toBeDefined();
      expect(settings.AzureWebJobsStorage).toBeUndefined();
    });

    it('runs on what is asked for', async () => {
      const resources = await deploy(CHOSEN);
      expect(one(resources, 'Microsoft.Web/serverfarms').properties.zoneRedundant).toBe(true);
      const app = one(resources, 'Microsoft.Web/sites').properties.functionAppConfig;
      expect(app.runtime).toEqual({ name: 'node', version: '22' });
      expect(app.siteUpdateStrategy).toEqual({ type: 'RollingUpdate' });
      expect(app.scaleAndConcurrency.maximumInstanceCount).toBe(1);
    });

    it('is found at its own address, unless it has another one', async () => {
      const addressOf = async (given: Params) => settingsOf(await deploy(given)).KEYWATCH_PUBLIC_URL;
      expect(await addressOf({})).toMatch(/https:\/\/.*defaultHostName/);
      expect(await addressOf(CHOSEN)).toBe(CHOSEN['publicUrl']);
    });

    it('leaves the log of its host where a runbook asks for it, unless that is not wanted', async () => {
      const categories = async (given: Params) =>
        ofType(await deploy(given), 'Microsoft.Insights/diagnosticSettings').flatMap(({ properties }) =>
          properties.logs.map(({ category }: { category: string }) => category),
        );
      const blobs = ['StorageRead', 'StorageWrite', 'StorageDelete'];
      expect(await categories({})).toEqual([...blobs, ...blobs, 'FunctionAppLogs', 'AuditEvent']);
      expect(await categories(CHOSEN)).toEqual(['AuditEvent']);
    });
  });

  describe('of rotations', () => {
    const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';
    const identities = (resources: Predicted[]) =>
      ofType(resources, IDENTITY).map(({ name }) => withoutSuffix(name));
    const ofApp = (resources: Predicted[]) =>
      Object.keys(Object(one(resources, 'Microsoft.Web/sites').identity?.['userAssignedIdentities']));

    it('has no identity for them that nobody asked for', async () => {
      const resources = await deploy();
      expect(identities(resources)).not.toContain('id-keywatch-rotator');
      expect(ofApp(resources)).toHaveLength(2);
      expect(settingsOf(resources).KEYWATCH_ROTATOR_CLIENT_ID).toBe('');
    });

    it('lets it read who still signs in with an old secret, and the scanner who uses what, where that is wanted', async () => {
      const readers = async (given: Params) =>
        ofType(await deploy(given), 'Microsoft.Authorization/roleAssignments').filter(({ properties }) =>
          properties.roleDefinitionId.endsWith('73c42c96-874c-492b-b04d-ab87d138a893'),
        ).length;
      expect(settingsOf(await deploy()).KEYWATCH_USE_WORKSPACE_ID).toBe('');
      expect(settingsOf(await deploy({ readUse: true })).KEYWATCH_USE_WORKSPACE_ID).toMatch(
        /log-keywatch.*customerId/,
      );
      const asks = async (given: Params) => settingsOf(await deploy(given)).KEYWATCH_SIGN_IN_WORKSPACE_ID;
      expect(await asks({ rotateClientSecrets: true })).toBe('');
      const alerts = { signInLogs: true };
      expect(await asks({ rotateClientSecrets: true, alerts })).toMatch(/log-keywatch.*customerId/);
      const existingWorkspaceResourceId = `${OTHERS}/Microsoft.OperationalInsights/workspaces/log-others`;
      expect(await asks({ rotateClientSecrets: true, alerts, existingWorkspaceResourceId })).toMatch(
        /log-others.*customerId/,
      );
      expect(await readers({ rotateClientSecrets: true })).toBe(1);
      expect(await readers({ readUse: true })).toBe(2);
      expect(await readers({ readUse: true, assignLogReader: false })).toBe(0);
      expect(await readers({ rotateClientSecrets: true, alerts: { signInLogs: true } })).toBe(2);
    });

    it('has one where they are wanted, which the app may use', async () => {
      const resources = await deploy({ rotateClientSecrets: true });
      expect(identities(resources)).toContain('id-keywatch-rotator');
      expect(ofApp(resources)).toHaveLength(3);
      expect(settingsOf(resources).KEYWATCH_ROTATOR_CLIENT_ID).toMatch(/rotator/);
    });
  });

  describe('of the fallback store', () => {
    it('makes an account of its own in another region, and lets the refresher into its two containers', async () => {
      const resources = await deploy();
      const account = one(resources, 'Microsoft.Storage/storageAccounts', 'fallback');
      expect(account.location).toBe('northeurope');
      expect(account.properties.allowSharedKeyAccess).toBe(false);
      expect(settingsOf(resources).KEYWATCH_FALLBACK_BLOB_SERVICE_URL).toContain('stkwfallback');
      const roles = ofType(resources, 'Microsoft.Authorization/roleAssignments').filter(({ id }) =>
        id.includes(`${account.id}/blobServices/default/containers/`),
      );
      expect(roles.map(({ id }) => /containers\/([\w-]+)/.exec(id)?.[1]).sort()).toEqual([
        'keywatch-fallback',
        'keywatch-tokens',
      ]);
      for (const { properties } of roles)
        expect(lastOf(properties.roleDefinitionId)).toBe('ba92f5b4-2d11-453d-a403-e96b0029c9fe');
    });

    it('makes none where somebody else has one', async () => {
      const fallbackBlobServiceUrl = 'https://stothers.blob.core.windows.net/';
      const resources = await deploy({ fallbackBlobServiceUrl });
      expect(ofType(resources, 'Microsoft.Storage/storageAccounts')).toHaveLength(1);
      expect(settingsOf(resources).KEYWATCH_FALLBACK_BLOB_SERVICE_URL).toBe(fallbackBlobServiceUrl);
    });
  });

  describe('with private networking', () => {
    const privately: Params = { privateNetworking: true };
    const withVaults: Params = {
      ...{ ...privately, networkAddressPrefix: '10.7.0.0/22' },
      existingVaults: [
        { name: 'kv-near', resourceGroup: 'rg-near', privateEndpoint: true },
        { name: 'kv-far', resourceGroup: 'rg-far' },
      ],
    };

    it('closes all stores, to Azure itself too, and leads to each by an endpoint', async () => {
      const resources = await deploy(privately);
      for (const { name, properties } of ofType(resources, 'Microsoft.Storage/storageAccounts')) {
        expect(properties.publicNetworkAccess, name).toBe('Disabled');
        expect(properties.networkAcls, name).toEqual({ bypass: 'None', defaultAction: 'Deny' });
      }
      const endpoints = ofType(resources, 'Microsoft.Network/privateEndpoints').map(({ name }) =>
        withoutSuffix(name),
      );
      expect(endpoints.sort()).toEqual(
        ['blob', 'fallback', 'queue', 'table', 'vault'].map((service) => `pep-keywatch-${service}`),
      );
    });

    it('asks the internet for what its zones do not know, so that other vaults are still found', async () => {
      const links = ofType(await deploy(privately), 'Microsoft.Network/privateDnsZones/virtualNetworkLinks');
      expect(links.map(({ properties }) => properties.resolutionPolicy)).toEqual(
        Array(4).fill('NxDomainRedirect'),
      );
    });

    it('goes out from one address, and by the default way only where no gateway is wanted', async () => {
      const wayOut = async (given: Params) => {
        const resources = await deploy({ ...privately, ...given });
        const { subnets } = one(resources, 'Microsoft.Network/virtualNetworks').properties;
        const app = subnets.find(({ name }: { name: string }) => name === 'app').properties;
        return {
          gateways: ofType(resources, 'Microsoft.Network/natGateways').length,
          chosen: app.natGateway !== undefined && app.natGateway !== null,
          byDefault: app.defaultOutboundAccess,
        };
      };
      expect(await wayOut({})).toEqual({ gateways: 1, chosen: true, byDefault: false });
      expect(await wayOut({ natGateway: false })).toEqual({ gateways: 0, chosen: false, byDefault: true });
    });

    it('gives each half of the network to one subnet', async () => {
      const resources = await deploy(withVaults);
      const { subnets } = one(resources, 'Microsoft.Network/virtualNetworks').properties;
      const prefixes = subnets.map(({ name, properties }: Predicted) => [name, properties.addressPrefix]);
      expect(Object.fromEntries(prefixes)).toEqual({ app: '10.7.0.0/23', endpoints: '10.7.2.0/23' });
    });

    it('leads to a vault of somebody else where that is asked for', async () => {
      const resources = await deploy(withVaults);
      const endpoint = one(resources, 'Microsoft.Network/privateEndpoints', 'kv-near');
      expect(endpoint.properties.privateLinkServiceConnections[0].properties.privateLinkServiceId).toMatch(
        /resourceGroups\/rg-near\/providers\/Microsoft\.KeyVault\/vaults\/kv-near$/,
      );
      expect(JSON.stringify(ofType(resources, 'Microsoft.Network/privateEndpoints'))).not.toContain('kv-far');
    });

    it('uses the subnets and zones of a hub, and makes no network beside it', async () => {
      const subnets = `${OTHERS}/Microsoft.Network/virtualNetworks/spoke/subnets`;
      const zone = (name: string) => `${OTHERS}/Microsoft.Network/privateDnsZones/${name}`;
      const zones = { blob: zone('b'), queue: zone('q'), table: zone('t'), vault: zone('v') };
      const existingNetwork = {
        appSubnetId: `${subnets}/app`,
        endpointsSubnetId: `${subnets}/endpoints`,
        zones,
      };
      const resources = await deploy({ ...privately, existingNetwork });
      expect(
        resources.filter(({ type }) => /virtualNetworks|natGateways|privateDnsZones$/.test(type)),
      ).toEqual([]);
      expect(one(resources, 'Microsoft.Web/sites').properties.virtualNetworkSubnetId).toBe(`${subnets}/app`);
      const groups = ofType(resources, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups');
      expect(
        groups
          .map(({ properties }) => properties.privateDnsZoneConfigs[0].properties.privateDnsZoneId)
          .sort(),
      ).toEqual([zones.blob, zones.blob, zones.queue, zones.table, zones.vault]);
      // A policy that writes the records would be stopped by a second writer.
      const byPolicy = await deploy({ ...privately, existingNetwork: { ...existingNetwork, zones: null } });
      expect(ofType(byPolicy, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups')).toEqual([]);
    });
  });
});

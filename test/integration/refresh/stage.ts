import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { KeyClient } from '@azure/keyvault-keys';
import { SecretClient } from '@azure/keyvault-secrets';
import { BlobServiceClient } from '@azure/storage-blob';
import { profileFrom } from '../../../src/lib/oauth/presets/providerSettings.ts';
import type { Grant } from '../../../src/lib/oauth/rules/grant.ts';
import type { RefreshTrigger } from '../../../src/lib/oauth/rules/refreshTriggers.ts';
import { refreshGrant } from '../../../src/lib/refresh/refreshGrant.ts';
import type { RefreshOutcome } from '../../../src/lib/refresh/refreshOutcome.ts';
import { startAuthorizationServers } from '../../../src/local/authorizationServers/authorizationServers.ts';
import type { LocalAuthorizationServer } from '../../../src/local/authorizationServers/localServer.ts';
import { startAzurite } from '../../../src/local/azurite.ts';
import { createLocalClock } from '../../../src/local/clock.ts';
import { ownerIdentity, refresherIdentity } from '../../../src/local/keyVault/identities.ts';
import { startKeyVaultStandIn } from '../../../src/local/keyVault/keyVaultStandIn.ts';
import { clientCredential } from '../../fakes/clientCredential.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { bundleWorker } from '../bundleWorker.ts';
import { sharedAzurite } from '../sharedAzurite.ts';
import { startForwarder } from './forwarder.ts';
import type { Halt } from './meetingPoint.ts';
import {
  CONTROL_CONTAINER,
  type Look,
  realPorts,
  SEALING_KEY,
  type WorldSetup,
  watchedPorts,
} from './realPorts.ts';
import { startWorker, type WorkerProcess } from './workerProcess.ts';

/** One grant of the stage with the server that it belongs to. */
export interface StagedGrant {
  readonly grant: Grant;
  readonly server: LocalAuthorizationServer;
}

const LOOPBACK = {
  allowInsecureConnection: true,
  disableChallengeResourceVerification: true,
  retryOptions: { maxRetries: 0 },
};

/**
 * Real authorization servers, Azurite and the Key Vault stand-in.
 * @param options.keeps what the two stores hold is there again when they were stopped and started
 * @param options.skipsMs how much of its pauses each worker passes over
 */
export const buildStage = async ({ keeps = false, skipsMs = 0 } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'keywatch-stage-'));
  const kept = (name: string) => (keeps ? { folder: join(folder, name) } : {});
  const clock = createLocalClock();
  const servers = await startAuthorizationServers({ nowEpochMs: clock.nowEpochMs });
  const startStorage = () => startAzurite(kept('storage'));
  const startVault = (port?: number) =>
    startKeyVaultStandIn({
      vaults: [{ name: 'front-desk', ...(port === undefined ? {} : { port }) }],
      nowEpochMs: clock.nowEpochMs,
      ...kept('vault'),
    });
  let azurite = await (keeps ? startStorage() : sharedAzurite());
  let standIn = await startVault();
  standIn.credentialFor(refresherIdentity);
  const vaultUrl = standIn.vault('front-desk').url;
  // Azurite takes a new port with each start; clients of one that is started again see one that stays.
  const forwarder = keeps ? await startForwarder(azurite) : undefined;
  const { connectionString } = forwarder ?? azurite;
  /** Everything that any worker printed or told: it is searched for tokens at the end. */
  const printed: string[] = [];
  const canaries = new Set<string>();
  const owner = () => standIn.credentialFor(ownerIdentity);
  const openVault = () => new SecretClient(vaultUrl, owner(), LOOPBACK);
  let secrets = openVault();
  await new KeyClient(vaultUrl, owner(), LOOPBACK).createRsaKey(SEALING_KEY, {
    keySize: 2048,
    keyOps: ['wrapKey', 'unwrapKey'],
  });
  const blobs = BlobServiceClient.fromConnectionString(connectionString);

  const worldSetup = (): WorldSetup => ({
    storage: connectionString,
    vaultUrl,
    vaultToken: standIn.mintToken(refresherIdentity, 3_600_000),
    aheadMs: clock.aheadMs(),
    skipsMs,
  });
  const lookAt = ({ grant, server }: StagedGrant): Look => {
    const reading = profileFrom(server.name, server.provider, { allowLoopback: true });
    if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
    return { grant, profile: reading.profile };
  };
  let bundling: Promise<string> | undefined;
  const isDown = { vault: false, storage: false };
  const vaultAgain = async (): Promise<void> => {
    standIn = await startVault(Number(new URL(vaultUrl).port));
    // Workers that are still running hold tokens of this identity.
    standIn.credentialFor(refresherIdentity);
    secrets = openVault();
    isDown.vault = false;
  };
  const storageAgain = async (): Promise<void> => {
    azurite = await startStorage();
    forwarder?.forwardTo(azurite);
    isDown.storage = false;
  };
  const noteAnswer = (_call: string, result: unknown): void => {
    const { accessToken, refreshToken } = result as { accessToken?: string; refreshToken?: string };
    for (const token of [accessToken, refreshToken]) if (token !== undefined) canaries.add(token);
  };

  return {
    servers,
    clock,
    printed,
    canaries,
    worldSetup,
    setupOf: (staged: StagedGrant): WorldSetup & Look => ({ ...worldSetup(), ...lookAt(staged) }),
    /** Consents to a grant and puts its token into the vault, as a person would. */
    async addGrant(server: LocalAuthorizationServer, id: string): Promise<StagedGrant> {
      const token = await server.mint(id);
      await secrets.setSecret(`oauth-${id}`, token, { tags: { 'keywatch-owner': 'crm-team' } });
      if (!canaries.has(server.clientSecret))
        await secrets.setSecret(`oauth-client-${server.name}`, server.clientSecret);
      canaries.add(token).add(server.clientSecret);
      const secret = (name: string) => ({ vaultUrl, name });
      const grant: Grant = {
        id,
        provider: server.name,
        clientId: server.clientId,
        clientCredential: clientCredential('client_secret_post', {
          clientSecret: { vault: vaultUrl, secretName: `oauth-client-${server.name}` },
        }),
        secret: secret(`oauth-${id}`),
        mode: 'refreshed',
      };
      return { grant, server };
    },
    /** A new grant for the same credential, put into the vault by a person. */
    async consentAgain({ grant, server }: StagedGrant): Promise<void> {
      const token = await server.mint(grant.id);
      canaries.add(token);
      await secrets.setSecret(grant.secret.name, token);
    },
    /** A worker of these grants in a process of its own. */
    async startWorker(...grants: readonly (StagedGrant & Halt)[]): Promise<WorkerProcess> {
      bundling ??= bundleWorker(join(import.meta.dirname, 'refreshWorker.ts'), folder);
      const looks = grants.map((staged) => ({ ...lookAt(staged), haltAfter: staged.haltAfter }));
      return startWorker(await bundling, { ...worldSetup(), looks }, printed);
    },
    /** One run at the grant by a healthy worker of this process. */
    async runOnce(staged: StagedGrant, trigger: RefreshTrigger): Promise<RefreshOutcome> {
      const telemetry = recordingTelemetry();
      const ports = watchedPorts(realPorts(worldSetup(), telemetry), noteAnswer);
      const outcome = await refreshGrant(ports, { ...lookAt(staged), trigger });
      printed.push(JSON.stringify(outcome), inspect(outcome, { depth: 12 }), JSON.stringify(telemetry));
      return outcome;
    },
    /** The oracle: whether a consumer that reads the vault now gets a token that its server takes. */
    async storedTokenWorks({ grant, server }: StagedGrant): Promise<boolean> {
      const { value = '' } = await secrets.getSecret(grant.secret.name);
      return server.isUsable(value);
    },
    /** What a minute does to the lease of a worker that was killed. */
    async endLease({ grant }: StagedGrant): Promise<void> {
      const blob = blobs.getContainerClient(CONTROL_CONTAINER).getBlobClient(`grants/${grant.id}.json`);
      await blob
        .getBlobLeaseClient()
        .breakLease(0)
        .catch(() => undefined);
    },
    async stopVault() {
      isDown.vault = true;
      await standIn.close();
    },
    async stopStorage() {
      isDown.storage = true;
      await azurite.stop();
    },
    startVault: vaultAgain,
    startStorage: storageAgain,
    /** Starts whatever is stopped. */
    async startAll() {
      if (isDown.vault) await vaultAgain();
      if (isDown.storage) await storageAgain();
    },
    /** Every text outside the vault in which a token could stand, by where it is. */
    async texts(): Promise<Map<string, string>> {
      const texts = new Map([['output', printed.join('\n')]]);
      for await (const { name: container } of blobs.listContainers()) {
        const client = blobs.getContainerClient(container);
        for await (const { name } of client.listBlobsFlat())
          texts.set(`${container}/${name}`, (await client.getBlobClient(name).downloadToBuffer()).toString());
      }
      return texts;
    },
    /** The values of all versions of all secrets: no text may hold one of them. */
    async secretValues(): Promise<ReadonlySet<string>> {
      for await (const { name } of secrets.listPropertiesOfSecrets())
        for await (const { version, enabled } of secrets.listPropertiesOfSecretVersions(name)) {
          if (!enabled || version === undefined) continue;
          canaries.add((await secrets.getSecret(name, { version })).value ?? '');
        }
      return canaries;
    },
    async close() {
      if (keeps) await azurite.stop();
      else for await (const { name } of blobs.listContainers()) await blobs.deleteContainer(name);
      await Promise.all([servers.close(), standIn.close(), forwarder?.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type Stage = Awaited<ReturnType<typeof buildStage>>;

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { KeyClient } from '@azure/keyvault-keys';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROTATION_CONTAINER } from '../../src/lib/app/containers.ts';
import { DAY_MS, HOUR_MS } from '../../src/lib/kernel/time.ts';
import type { Azurite } from '../../src/local/azurite.ts';
import { createLocalClock } from '../../src/local/clock.ts';
import { type DirectoryStandIn, startDirectoryStandIn } from '../../src/local/directory/directoryStandIn.ts';
import { tenantDirectory } from '../../src/local/directory/tenantDirectory.ts';
import { type EntraTokenServer, startEntraTokenServer } from '../../src/local/entra/entraTokenServer.ts';
import {
  addApplication,
  addSecret,
  entraTenant,
  type TenantApplication,
} from '../../src/local/entra/tenant.ts';
import { ownerIdentity, refresherIdentity, rotatorIdentity } from '../../src/local/keyVault/identities.ts';
import { type KeyVaultStandIn, startKeyVaultStandIn } from '../../src/local/keyVault/keyVaultStandIn.ts';
import { recordingTelemetry } from '../fakes/recordingTelemetry.ts';
import { argsFor, bundleWorker, compiledBeside } from './bundleWorker.ts';
import type { Halt } from './refresh/meetingPoint.ts';
import type { WorkerSetup } from './rotate/rotationWorker.ts';
import { type RotatorSetup, rotatorOf } from './rotate/rotatorOf.ts';
import { sharedAzurite } from './sharedAzurite.ts';

const VAULT = 'front-desk';
const ROTATOR_ID = 'rotator-principal';

const folder = mkdtempSync(join(tmpdir(), 'keywatch-rotation-'));
const clock = createLocalClock();
const directory = tenantDirectory(entraTenant(clock.nowEpochMs));
const { tenant } = directory;
/** Everything that any worker printed or told. */
const printed: string[] = [];
let program = '';
let azurite: Azurite;
let vaults: KeyVaultStandIn;
let graph: DirectoryStandIn;
let tokens: EntraTokenServer;

beforeAll(async () => {
  program = await bundleWorker(join(import.meta.dirname, 'rotate/rotationWorker.ts'), folder);
  azurite = await sharedAzurite();
  vaults = await startKeyVaultStandIn({ vaults: [{ name: VAULT }], nowEpochMs: clock.nowEpochMs });
  graph = await startDirectoryStandIn({
    ...{ directory, tokens: vaults.tokens },
    callers: { rotator: { principalId: ROTATOR_ID, roles: ['Application.ReadWrite.OwnedBy'] } },
  });
  tokens = await startEntraTokenServer(tenant);
  await new KeyClient(vaults.vault(VAULT).url, vaults.credentialFor(ownerIdentity), {
    allowInsecureConnection: true,
    disableChallengeResourceVerification: true,
  } as object).createRsaKey('keywatch-seal', { keySize: 2048, keyOps: ['wrapKey', 'unwrapKey'] });
});
afterAll(async () => {
  await Promise.all([vaults.close(), graph.close(), tokens.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** An application whose secret a person made long ago and wrote into the vault. */
const newApplication = (id: string): TenantApplication => {
  const owners = [{ id: ROTATOR_ID, type: 'servicePrincipal' as const, displayName: 'rotator' }];
  const application = addApplication(tenant, { displayName: id, owners });
  const value = `CANARY-of-a-person-${id}`;
  const startEpochMs = clock.nowEpochMs() - 300 * DAY_MS;
  addSecret(tenant, application, {
    displayName: 'by hand',
    value,
    startEpochMs,
    endEpochMs: startEpochMs + 700 * DAY_MS,
  });
  vaults
    .vault(VAULT)
    .seed.secret(`oauth-app-${id}`, { value, createdEpochMs: startEpochMs, updatedEpochMs: startEpochMs });
  return application;
};

const setupOf = (applications: readonly TenantApplication[]): RotatorSetup => {
  const vault = vaults.vault(VAULT).url;
  const identities = [refresherIdentity, rotatorIdentity] as const;
  for (const identity of identities) vaults.credentialFor(identity);
  const [refresher, rotator] = identities.map((identity) => vaults.mintToken(identity, HOUR_MS));
  return {
    settings: {
      KEYWATCH_LOCAL: 'true',
      KEYWATCH_BLOB_SERVICE_URL: azurite.blobServiceUrl,
      KEYWATCH_SEALING_KEY_ID: `${vault}/keys/keywatch-seal`,
    },
    config: {
      directory: { tenantId: tenant.tenantId, graphUrl: graph.url },
      clients: applications.map(({ appId: clientId, displayName: id }) => ({
        ...{ id, clientId, vault, tenant: tenant.tenantId, authorityHost: tokens.authorityHost },
        clientSecret: { secretName: `oauth-app-${id}` },
        scopes: ['https://api.contoso.example/.default'],
        rotate: { lifetimeDays: 90, keepOldDays: 7 },
      })),
    },
    tokens: { refresher: refresher ?? '', rotator: rotator ?? '' },
    account: { name: azurite.accountName, key: azurite.accountKey },
    trusted: tokens.ca,
    aheadMs: clock.aheadMs(),
  };
};

interface Run extends Halt {
  readonly application: TenantApplication;
}

/** A run for each application, in a process of their own; of each the calls that ended, in order. */
const runWorker = async (runs: readonly Run[], signal: NodeJS.Signals | null): Promise<string[][]> => {
  const env = { ...process.env, ...compiledBeside(program) };
  const child = spawn(process.execPath, argsFor(program), { env });
  const closed = once(child, 'close');
  const setup: WorkerSetup = {
    runs: runs.map(({ application, haltAfter }) => ({ ...setupOf([application]), haltAfter })),
  };
  child.stdin.write(`${JSON.stringify(setup)}\n`);
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const calls: string[][] = runs.map(() => []);
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    const { run, call } = JSON.parse(line) as { run: number; call: string };
    calls[run]?.push(call);
  }
  await closed;
  expect(child.signalCode, printed.at(-1)).toBe(signal);
  return calls;
};

const runHere = async (applications: readonly TenantApplication[]): Promise<void> => {
  const telemetry = recordingTelemetry();
  await rotatorOf(setupOf(applications), telemetry).startRun();
  printed.push(JSON.stringify(telemetry));
};

/** The leases of the dead lapse: Azurite's clock cannot be moved. */
const endLeases = async (applications: readonly TenantApplication[]): Promise<void> => {
  const login = new StorageSharedKeyCredential(azurite.accountName, azurite.accountKey);
  const records = new BlobServiceClient(azurite.blobServiceUrl, login).getContainerClient(ROTATION_CONTAINER);
  for (const { displayName } of applications)
    await records
      .getBlobClient(`rotations/${displayName}.json`)
      .getBlobLeaseClient()
      .breakLease(0)
      .catch(() => undefined);
};

const heldBy = ({ displayName }: TenantApplication) =>
  vaults.vault(VAULT).newestSecret(`oauth-app-${displayName}`);
const worksFor = (application: TenantApplication): boolean =>
  application.secrets.some(
    ({ value, endEpochMs }) => value === heldBy(application)?.value && endEpochMs > clock.nowEpochMs(),
  );
const namesOfBroken = (applications: readonly TenantApplication[]): string[] =>
  applications.filter((one) => !worksFor(one)).map(({ displayName }) => displayName);

it('leaves, killed after any change, a vault whose secret works and nothing else of its own', async () => {
  const clean = newApplication('clean');
  const [calls = []] = await runWorker([{ application: clean }], null);
  expect(calls).toEqual(expect.arrayContaining(['directory.addSecret', 'proof.prove', 'vault.write']));
  expect(heldBy(clean)?.value).toBe(clean.secrets[1]?.value);
  const points = calls.flatMap((call, index) =>
    /prepare|acquire|control\.write|addSecret|prove|vault\.write/.test(call) ? [index + 1] : [],
  );
  expect(points.length).toBeGreaterThan(15);
  const runs = points.map((haltAfter) => ({ application: newApplication(`killed-${haltAfter}`), haltAfter }));
  const ended = await runWorker(runs, 'SIGKILL');
  expect(ended.map(({ length }) => length)).toEqual(points);
  const killed = runs.map(({ application }) => application);
  expect(namesOfBroken(killed)).toEqual([]);
  await endLeases(killed);
  // What nobody has the value of grows old, and the rest is done by whoever comes.
  for (const pauseMs of [2 * HOUR_MS, 2 * HOUR_MS, DAY_MS, 8 * DAY_MS, HOUR_MS]) {
    clock.moveForward(pauseMs);
    await runHere(killed);
    expect(namesOfBroken(killed)).toEqual([]);
  }
  for (const application of killed) {
    const held = application.secrets.filter(({ value }) => value === heldBy(application)?.value);
    expect(application.secrets.map(({ displayName }) => displayName)).toEqual([
      'by hand',
      held[0]?.displayName,
    ]);
    expect(held[0]?.displayName).toMatch(/^keywatch:killed-\d+:/);
  }
});

it('lets no secret out', () => {
  const values = tenant.applications.flatMap(({ secrets }) => secrets.map(({ value }) => value));
  const everything = printed.join('\n');
  expect(values.length).toBeGreaterThan(10);
  expect(values.filter((value) => everything.includes(value))).toEqual([]);
});

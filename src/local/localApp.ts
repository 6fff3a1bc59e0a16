import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectWith } from '../lib/app/app.ts';
import { connect } from '../lib/app/connections.ts';
import { type Azurite, startAzurite } from './azurite.ts';
import { hurried, type LocalClock } from './clock.ts';
import { type Company, companyOf, companyPlatform } from './company.ts';
import type { DataFolder } from './dataFolder.ts';
import { enterLocalEnvironment, enterPublicUrl, localSettings } from './environment.ts';
import { loadFunctionApp } from './functionsHost/functionApp.ts';
import { createFunctionsHost, type FunctionsHost } from './functionsHost/functionsHost.ts';
import type { HostLog, Invocation } from './functionsHost/invoker.ts';
import { listenNear } from './functionsHost/listenNear.ts';
import { jobRunsOfThisProcess } from './jobRunsOfThisProcess.ts';
import { type LocalCallers, startLocalCallers } from './localCallers.ts';
import { type LocalClients, startLocalClients } from './localClients.ts';
import { type LocalDirectory, startLocalDirectory } from './localDirectory.ts';
import { type LocalGrants, startLocalGrants } from './localGrants.ts';
import { type LocalTelemetry, startLocalTelemetry } from './localTelemetry.ts';
import { type LocalVaults, startLocalVaults } from './localVaults.ts';
import { OTHER_CLIENT } from './seed/clients.ts';
import { clientSecretName } from './seed/grants.ts';
import { integrationVault } from './seed/integrationVault.ts';

const CLOSE_TELEMETRY_MS = 2_000;
const USUAL_URL = 'http://127.0.0.1:7071';

export interface LocalAppOptions {
  readonly folder: DataFolder;
  readonly clock: LocalClock;
  /** Where HTTP is served, or near it; 0: anywhere; absent: it is not. */
  readonly port: number | undefined;
  /** Nobody else refreshes here meanwhile: where a refresh pauses for a store, time goes ahead instead. */
  readonly isAlone: boolean;
  readonly log: HostLog;
  readonly finished: (invocation: Invocation) => void;
  readonly notice: (sentence: string) => void;
}

/** Everything of local mode in one process tree, up and not yet triggered. */
export interface LocalApp {
  readonly folder: DataFolder;
  readonly host: FunctionsHost;
  readonly vaults: LocalVaults;
  readonly directory: LocalDirectory;
  readonly grants: LocalGrants;
  readonly clients: LocalClients;
  readonly callers: LocalCallers;
  readonly azurite: Azurite;
  readonly telemetry: LocalTelemetry;
  /** Origin at which HTTP is served, and where links lead, whether it is or not. */
  readonly url: string;
  /** What another process needs to work here, too, and the settings that it needs for that. */
  readonly company: Company;
  readonly settings: Readonly<Record<string, string>>;
  /** Settings of the caller's environment that point elsewhere and were not followed. */
  readonly ignoredSettings: readonly string[];
  /** Stops the host, then what it worked with. Takes down all of it even when a part fails. */
  close(): Promise<void>;
}

/** Brings up the stand-ins, points the application at them and loads the functions of `src/functions`. */
export const startLocalApp = async (options: LocalAppOptions): Promise<LocalApp> => {
  const { folder, clock, port, isAlone, log, finished, notice } = options;
  const closers: (() => Promise<unknown> | unknown)[] = [() => folder.close()];
  const close = async () => {
    for (const closer of closers.splice(0).reverse())
      await Promise.resolve()
        .then(closer)
        .catch((error: unknown) => notice(`something did not close: ${String(error)}`));
  };
  try {
    // Azurite takes longest, and needs nobody: the others start meanwhile.
    const startingAzurite = startAzurite(folder.isKept ? { folder: join(folder.path, 'azurite') } : {});
    closers.push(async () => (await startingAzurite).stop());
    startingAzurite.catch(() => undefined);
    const vaults = await startLocalVaults(folder, clock.nowEpochMs);
    closers.push(() => vaults.standIn.close());
    const { nowEpochMs } = clock;
    const directory = await startLocalDirectory({ folder, vaults: vaults.standIn, nowEpochMs });
    closers.push(() => directory.standIn.close());
    const telemetry = await startLocalTelemetry(clock, notice);
    closers.push(() => telemetry.close(CLOSE_TELEMETRY_MS));
    const grants = await startLocalGrants({
      folder,
      vault: vaults.standIn.vault(integrationVault.name),
      isNew: vaults.seeded > 0,
      nowEpochMs: clock.nowEpochMs,
    });
    closers.push(() => grants.servers.close());
    const other = grants.servers[OTHER_CLIENT.server];
    const clients = await startLocalClients({
      tenant: directory.directory.tenant,
      vault: vaults.standIn.vault(integrationVault.name),
      isNew: vaults.seeded > 0,
      ...{ other, otherSecretName: clientSecretName(other), nowEpochMs },
    });
    closers.push(() => clients.close());
    const callers = await startLocalCallers(directory.directory.tenant.tenantId, nowEpochMs);
    closers.push(() => callers.close());
    const azurite = await startingAzurite;

    const settings = {
      KEYWATCH_LOCAL: 'true',
      KEYWATCH_CONFIG_FILE: writeConfigFile(folder.path, vaults, [directory, grants, clients, callers]),
      KEYWATCH_BLOB_SERVICE_URL: azurite.blobServiceUrl,
      KEYWATCH_QUEUE_SERVICE_URL: azurite.queueServiceUrl,
      KEYWATCH_SEALING_KEY_ID: grants.sealingKeyId,
      AzureWebJobsStorage: azurite.connectionString,
    };
    const ignoredSettings = enterLocalEnvironment(settings);
    const { identityProvider } = callers;
    const company = companyOf(vaults.standIn, azurite, { trusted: clients.trusted, identityProvider });
    const platform = companyPlatform(company, {
      ...{ clock, telemetry: telemetry.telemetry, redactor: telemetry.redactor },
      ...{ identityProvider, storageAheadMs: clock.aheadMs },
    });
    const startedEpochMs = clock.nowEpochMs();
    connectWith(async (config) => {
      const connections = connect(config, platform);
      const { jobRuns, refresh, rotate } = connections;
      return {
        ...connections,
        jobRuns: jobRuns && jobRunsOfThisProcess(jobRuns, startedEpochMs),
        // Where others work too, a worker of theirs may be what it waits for.
        refresh: refresh && (isAlone ? { ...refresh, clock: hurried(clock) } : refresh),
        // Nobody waits a minute for the proofs of a new secret: time goes ahead instead.
        rotate: rotate && { ...rotate, clock: hurried(clock) },
      };
    });
    const app = await loadFunctionApp(
      () => import('../functions/index.ts'),
      (level, message) => log({ level, message }),
    );
    const host = await createFunctionsHost({
      app,
      settings: localSettings(),
      clock,
      log,
      finished: (invocation) => {
        telemetry.invoked(invocation);
        finished(invocation);
      },
    });
    closers.push(() => host.stop());
    const url = port === undefined ? USUAL_URL : await listenNear(host, port);
    enterPublicUrl(url);
    if (port !== undefined) callers.writePrograms(folder.path, url);
    return {
      ...{ folder, host, vaults, directory, grants, clients, callers, azurite, telemetry, url },
      ...{ company, settings: { ...settings, KEYWATCH_PUBLIC_URL: url }, ignoredSettings, close },
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The config file that a company would have in git, pointing at the stand-ins. Its name is nobody's own. */
const writeConfigFile = (
  folder: string,
  { standIn, company }: LocalVaults,
  parts: readonly { readonly config: object }[],
): string => {
  const path = join(folder, 'contoso.generated.config.json');
  const vaults = company.map(({ name, owner, mustExpire }) => ({
    ...{ url: standIn.vault(name).url, name, owner, mustExpire },
  }));
  const config = Object.assign({ vaults }, ...parts.map((part) => part.config));
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return path;
};

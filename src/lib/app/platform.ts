import type { TokenCredential } from '@azure/core-auth';
import type { StorageSharedKeyCredential } from '@azure/storage-blob';
import { signedInEarly } from '../azure/signedInEarly.ts';
import type { IdentityProvider } from '../callers/ports.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { systemClock } from '../kernel/systemClock.ts';
import { processTerminal } from '../kernel/terminal.ts';
import { wholeTurn } from '../kernel/wholeTurn.ts';
import { createRedactor, type Redactor } from '../telemetry/redact.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What differs between Azure and a laptop: who we are, what time it is, and where telemetry goes. */
export interface Platform {
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly telemetry: Telemetry;
  /** Lists metadata and can do nothing else. */
  readonly scanner: TokenCredential;
  /** Reads and writes the secrets of grants. */
  readonly refresher: TokenCredential;
  /** Adds and removes secrets of the applications that it owns, and writes them into the vault. */
  readonly rotator: TokenCredential;
  /** The shared key of a stand-in in local mode; in Azure there is none. */
  readonly storage: TokenCredential | StorageSharedKeyCredential;
  /** Who signs callers in; absent: Entra ID. */
  readonly identityProvider?: IdentityProvider | undefined;
  /** Certificates that are trusted instead of the system's where credentials are proven, as PEM; absent: the system's. */
  readonly trusted?: string | undefined;
  /** How far this platform's time was moved ahead of that of its storage, which cannot be moved; absent: not. */
  readonly storageAheadMs?: (() => number) | undefined;
}

/** What nearly every invocation signs in to. */
const SCOPES = {
  telemetry: 'https://monitor.azure.com/.default',
  storage: 'https://storage.azure.com/.default',
};

/** Azure, by managed identity; on a machine without one whatever login it has. */
export const azurePlatform = async (config: Config): Promise<Platform> => {
  const redactor = createRedactor(config.grants.flatMap(({ grant }) => grant.reconnectUrl ?? []));
  const scanner = await credentialOf(config.scannerClientId, SCOPES.telemetry);
  const refresher = await credentialOf(config.refresherClientId, SCOPES.storage);
  const rotator = await credentialOf(config.rotatorClientId);
  await wholeTurn();
  const telemetry = await telemetryOf(config, scanner, redactor);
  return { clock: systemClock, redactor, telemetry, scanner, refresher, rotator, storage: refresher };
};

const credentialOf = async (clientId: string | undefined, scope?: string): Promise<TokenCredential> => {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  if (clientId === undefined) return new DefaultAzureCredential();
  const credential = new ManagedIdentityCredential({ clientId });
  return scope === undefined ? credential : signedInEarly(credential, scope);
};

const telemetryOf = async (
  config: Config,
  credential: TokenCredential,
  redactor: Redactor,
): Promise<Telemetry> => {
  const notice = (sentence: string): void => processTerminal().note(sentence);
  const connectionString = config.applicationInsightsConnectionString;
  if (connectionString === undefined) {
    const { silentTelemetry } = await import('../telemetry/silentTelemetry.ts');
    return silentTelemetry(notice);
  }
  const { applicationInsights } = await import('../telemetry/applicationInsights/applicationInsights.ts');
  const { deployment } = config;
  return applicationInsights({
    connectionString,
    deployment,
    clock: systemClock,
    redactor,
    credential,
    notice,
  });
};

import type { TokenCredential } from '@azure/core-auth';
import { systemClock } from './adapters/systemClock.ts';
import { processTerminal } from './adapters/terminal.ts';
import type { Config } from './config.ts';
import type { Connections } from './keywatch.ts';
import type { Telemetry } from './ports/telemetry.ts';
import type { ValueAccessProbe } from './ports/valueAccess.ts';
import { createRedactor } from './telemetry/redact.ts';

/**
 * The connections of Azure. The SDKs are heavy, so each is loaded here on first use and not when the
 * functions are registered.
 */
export const azureConnections = async (config: Config): Promise<Connections> => {
  const credential = await credentialOf(config.scannerClientId);
  const [{ keyVaultInventory }, { resourceGraphDiscovery }] = await Promise.all([
    import('./adapters/keyVaultInventory.ts'),
    import('./adapters/resourceGraphDiscovery.ts'),
  ]);
  const clock = systemClock;
  return {
    clock,
    inventory: keyVaultInventory({ credential, clock }),
    discovery: resourceGraphDiscovery({ credential, clock }),
    telemetry: await telemetryOf(config, credential),
  };
};

/** The probe of `keywatch check`, under the same identity that scans. */
export const azureValueAccess = async (config: Config): Promise<ValueAccessProbe> => {
  const { keyVaultValueAccess } = await import('./adapters/keyVaultValueAccess.ts');
  return keyVaultValueAccess({ credential: await credentialOf(config.scannerClientId) });
};

/** A user-assigned identity in Azure; without one whatever login the machine has. */
const credentialOf = async (clientId: string | undefined): Promise<TokenCredential> => {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  return clientId === undefined ? new DefaultAzureCredential() : new ManagedIdentityCredential({ clientId });
};

const telemetryOf = async (config: Config, credential: TokenCredential): Promise<Telemetry> => {
  const notice = (sentence: string): void => processTerminal().note(sentence);
  const connectionString = config.applicationInsightsConnectionString;
  if (connectionString === undefined) {
    const { silentTelemetry } = await import('./adapters/silentTelemetry.ts');
    return silentTelemetry(notice);
  }
  const { applicationInsights } = await import('./adapters/applicationInsights.ts');
  return applicationInsights({
    connectionString,
    clock: systemClock,
    redactor: createRedactor(),
    credential,
    notice,
  });
};

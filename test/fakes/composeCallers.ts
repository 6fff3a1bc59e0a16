import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectCallers } from '../../src/lib/app/callerConnections.ts';
import type { Connections } from '../../src/lib/app/connections.ts';
import type { CallersPorts } from '../../src/lib/callers/callers.ts';
import { composeApp } from './composeApp.ts';
import { CLIENT_ID, startIdentityProvider, TENANT_ID } from './startIdentityProvider.ts';
import { temporaryFolder } from './temporaryFolder.ts';

export const PUBLIC_URL = 'http://127.0.0.1:7071';

/** The section of the config file by which programs and people of that tenant may call. */
export const CALLERS = { tenantId: TENANT_ID, clientId: CLIENT_ID };

/** What an application with callers is composed of. */
interface Composition extends Partial<Omit<Connections, 'callers'>> {
  /** The content of the config file. */
  readonly file: object;
  readonly callers: Partial<CallersPorts>;
}

/** A tenant on this machine, and what composes the application of this process with callers of it; as often as it is asked to. */
export const composeCallers = async (
  { clock, telemetry }: Pick<Connections, 'clock' | 'telemetry'>,
  settings: Readonly<Record<string, string>>,
) => {
  const idp = await startIdentityProvider(clock.nowEpochMs);
  const path = join(temporaryFolder(), 'keywatch.config.json');
  const environment = {
    ...settings,
    KEYWATCH_CONFIG_FILE: path,
    KEYWATCH_LOCAL: 'true',
    KEYWATCH_PUBLIC_URL: PUBLIC_URL,
  };
  const refresher = { getToken: async () => null };
  const platform = { clock, telemetry, refresher, storage: refresher, identityProvider: idp.provider };
  const compose = ({ file, callers, ...connections }: Composition): void => {
    writeFileSync(path, JSON.stringify(file));
    composeApp(environment, (config) => {
      const ports = connectCallers(config, platform);
      return { clock, telemetry, ...connections, callers: ports && { ...ports, ...callers } };
    });
  };
  return { idp, compose };
};

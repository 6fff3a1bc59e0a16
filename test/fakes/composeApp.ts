import { onTestFinished, vi } from 'vitest';
import { connectToAzure, connectWith } from '../../src/lib/app/app.ts';
import type { Connections } from '../../src/lib/app/connections.ts';
import type { Config } from '../../src/lib/config/config.ts';
import { fakeConnections } from './fakeConnections.ts';

/** Makes the application of this process, as triggers use it, work by these settings and connections until the test ends. */
export const composeApp = (
  settings: Readonly<Record<string, string>>,
  connectionsOf: (config: Config) => Partial<Connections>,
): void => {
  for (const [name, text] of Object.entries(settings)) vi.stubEnv(name, text);
  connectWith(async (config) => fakeConnections(connectionsOf(config)));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    connectWith(connectToAzure);
  });
};

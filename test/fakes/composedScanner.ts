import { join } from 'node:path';
import type { Connections } from '../../src/lib/app/connections.ts';
import { composeApp } from './composeApp.ts';
import { type FakeVault, fakeInventory } from './fakeInventory.ts';
import { type RecordingTelemetry, recordingTelemetry } from './recordingTelemetry.ts';

/**
 * Makes the application of this process, as triggers use it, work with these vaults until the test ends.
 * All of them are watched unless `settings` say otherwise.
 */
export const composeWith = (
  vaults: Readonly<Record<string, FakeVault>>,
  settings: Readonly<Record<string, string>> = {},
  connections: Partial<Connections> = {},
): RecordingTelemetry => {
  const telemetry = recordingTelemetry();
  // A file of its own: whoever runs the tests may have one of theirs in the folder.
  const file = join(import.meta.dirname, '../fixtures/empty.config.json');
  const environment = {
    KEYWATCH_CONFIG_FILE: file,
    KEYWATCH_VAULTS: Object.keys(vaults).join(','),
    ...settings,
  };
  composeApp(environment, () => ({ inventory: fakeInventory(vaults), telemetry, ...connections }));
  return telemetry;
};

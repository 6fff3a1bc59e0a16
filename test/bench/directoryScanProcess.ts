import { loadConfig } from '../../src/lib/config/config.ts';
import { graphDirectory } from '../../src/lib/directory/graph/graphDirectory.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { entraSource } from '../../src/lib/scan/entraSource.ts';
import { createScanner } from '../../src/lib/scan/scanner.ts';
import { silentTelemetry } from '../../src/lib/telemetry/silentTelemetry.ts';
import { fakeConnections } from '../fakes/fakeConnections.ts';
import { answer, inputOf } from './childProcess.ts';
import { memoryOf } from './cost.ts';

/** One scan of a directory, in a process of its own. */
export interface DirectoryScanInput {
  readonly url: string;
  readonly collectEveryMs?: number;
}

const { url, collectEveryMs } = inputOf<DirectoryScanInput>();
const tenantId = '99999999-0000-4000-8000-000000000009';
const config = loadConfig({
  environment: { KEYWATCH_LOCAL: 'true' },
  readTextFile: () => JSON.stringify({ directory: { tenantId, graphUrl: url } }),
});
if (config.directory === undefined) throw new Error('the config names no directory');
const { scope } = config.directory;
const telemetry = silentTelemetry(() => undefined);
const directory = graphDirectory({
  credential: { getToken: async () => ({ token: 't', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
  clock: systemClock,
  tenantId,
  endpoint: url,
  allowLoopback: true,
});
const furtherSources = [entraSource({ directory, clock: systemClock, telemetry }, scope)];
const scanner = createScanner(config, fakeConnections({ clock: systemClock, telemetry, furtherSources }));

let attention = 0;
const { result: scan, ...cost } = await memoryOf(
  () =>
    scanner.scan(
      { source: 'entra', target: scope.target, runId: 'bench', mode: 'full' },
      ({ status, owner }) => {
        if (status !== 'valid' && owner !== undefined) attention += 1;
      },
    ),
  collectEveryMs,
);
if (scan.failure !== undefined) throw new Error(scan.failure.message);
const scanned = { credentials: scan.counts.objects, attention, ...cost };
export type DirectoryScanResult = typeof scanned;
await answer(scanned);
process.exit();

import { loadConfig } from '../../src/lib/config/config.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { createScanner } from '../../src/lib/scan/scanner.ts';
import { applicationInsights } from '../../src/lib/telemetry/applicationInsights/applicationInsights.ts';
import { createRedactor } from '../../src/lib/telemetry/redact.ts';
import { captureTelemetry } from '../../src/local/telemetry/capture.ts';
import { fakeConnections } from '../fakes/fakeConnections.ts';
import { syntheticInventory } from '../fakes/syntheticInventory.ts';
import { answer, inputOf } from './childProcess.ts';
import { NOWHERE } from './listers.ts';
import { reportNaively } from './naiveMetrics.ts';

/** Reporting one scan in a process of its own, as OpenTelemetry's providers are globals. */
export interface TelemetryInput {
  readonly way: 'attention' | 'full' | 'naive';
  readonly credentials: number;
}

export interface TelemetryResult {
  /** Items that arrived at ingestion, and how many of them are facts about one credential. */
  readonly items: number;
  readonly aboutCredentials: number;
  readonly bytes: number;
  readonly posts: number;
  /** From the first fact until everything was sent. */
  readonly totalMs: number;
  /** The part of it after the last fact. */
  readonly flushMs: number;
  readonly cpuMs: number;
}

const { way, credentials } = inputOf<TelemetryInput>();
const VAULT_URL = 'https://kv-bench.vault.azure.net';
let items = 0;
let aboutCredentials = 0;
const capture = captureTelemetry({
  mostKept: 0,
  onBatch(batch) {
    items += batch.length;
    aboutCredentials += batch.filter(({ data }) => data.baseData.properties?.['credentialId']).length;
  },
});
const inventory = syntheticInventory(credentials);

const ours = () => {
  const telemetry = applicationInsights({
    deployment: 'kw-test',
    connectionString: NOWHERE,
    clock: systemClock,
    redactor: createRedactor(),
    httpClient: capture.httpClient,
    notice: (sentence) => {
      throw new Error(sentence);
    },
  });
  const scanner = createScanner(
    loadConfig({ environment: { KEYWATCH_VAULTS: VAULT_URL }, readTextFile: () => undefined }),
    fakeConnections({ clock: systemClock, telemetry, inventory }),
  );
  return {
    // Loading and starting the SDK is measured by nobody: it is the same for both ways.
    start: async () => {
      telemetry.metric('keywatch.scan.pages', 0, { vault: 'warm-up' });
      await telemetry.flush(60_000);
    },
    tell: async (mode: 'attention' | 'full') => {
      await scanner.run({ source: 'keyvault', target: VAULT_URL, runId: 'bench', mode });
    },
    flush: async () => void (await telemetry.flush(60_000)),
  };
};

const reporter = way === 'naive' ? reportNaively(capture.httpClient, inventory, VAULT_URL) : ours();
await reporter.start();
const before = { items, bytes: capture.traffic.bytes, posts: capture.traffic.posts };
aboutCredentials = 0;
const startedMs = performance.now();
const startedCpu = process.cpuUsage();
await reporter.tell(way === 'attention' ? 'attention' : 'full');
const reportedMs = performance.now();
await reporter.flush();
const { user, system } = process.cpuUsage(startedCpu);
const endedMs = performance.now();
const result: TelemetryResult = {
  items: items - before.items,
  aboutCredentials,
  bytes: capture.traffic.bytes - before.bytes,
  posts: capture.traffic.posts - before.posts,
  totalMs: endedMs - startedMs,
  flushMs: endedMs - reportedMs,
  cpuMs: (user + system) / 1000,
};
await answer(result);
process.exit();

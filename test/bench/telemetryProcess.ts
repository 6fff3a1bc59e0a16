import { loadConfig } from '../../src/lib/config/config.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { createScanner } from '../../src/lib/scan/scanner.ts';
import { type CaptureOptions, captureTelemetry } from '../../src/local/telemetry/capture.ts';
import { startCapturedTelemetry } from '../fakes/captureTelemetry.ts';
import { fakeConnections } from '../fakes/fakeConnections.ts';
import { syntheticInventory } from '../fakes/syntheticInventory.ts';
import { answer, inputOf } from './childProcess.ts';
import { costOf } from './cost.ts';
import { reportNaively } from './naiveMetrics.ts';

/** Reporting one scan in a process of its own, as OpenTelemetry's providers are globals. */
export interface TelemetryInput {
  readonly way: 'attention' | 'full' | 'naive';
  readonly credentials: number;
}

const { way, credentials } = inputOf<TelemetryInput>();
const VAULT_URL = 'https://kv-bench.vault.azure.net';
let items = 0;
let aboutCredentials = 0;
const counting: CaptureOptions = {
  onBatch(batch) {
    items += batch.length;
    aboutCredentials += batch.filter(({ data }) => data.baseData.properties?.['credentialId']).length;
  },
};
const inventory = syntheticInventory(credentials);

const ours = () => {
  const { telemetry, capture, notices } = startCapturedTelemetry(counting);
  const scanner = createScanner(
    loadConfig({ environment: { KEYWATCH_VAULTS: VAULT_URL }, readTextFile: () => undefined }),
    fakeConnections({ clock: systemClock, telemetry, inventory }),
  );
  const flush = async () => {
    await telemetry.flush(60_000);
    if (notices.length > 0) throw new Error(notices.join('\n'));
  };
  return {
    capture,
    flush,
    // Loading and starting the SDK is measured by nobody: it is the same for both ways.
    start: async () => {
      telemetry.metric('keywatch.scan.pages', 0, { vault: 'warm-up' });
      await flush();
    },
    tell: async (mode: 'attention' | 'full') => {
      await scanner.run({ source: 'keyvault', target: VAULT_URL, runId: 'bench', mode });
    },
  };
};

const naive = () => {
  const capture = captureTelemetry(counting);
  return { capture, ...reportNaively(capture.httpClient, inventory, VAULT_URL) };
};

const { capture, start, tell, flush } = way === 'naive' ? naive() : ours();
await start();
const before = { items, ...capture.traffic };
aboutCredentials = 0;
const told = await costOf(() => tell(way === 'attention' ? 'attention' : 'full'));
const flushed = await costOf(flush);
const reported = {
  /** Items that arrived at ingestion, and how many of them are facts about one credential. */
  items: items - before.items,
  aboutCredentials,
  bytes: capture.traffic.bytes - before.bytes,
  posts: capture.traffic.posts - before.posts,
  /** From the first fact until everything was sent, and the part of it after the last fact. */
  totalMs: told.wallMs + flushed.wallMs,
  flushMs: flushed.wallMs,
  cpuMs: told.cpuMs + flushed.cpuMs,
};
export type TelemetryResult = typeof reported;
await answer(reported);
process.exit();

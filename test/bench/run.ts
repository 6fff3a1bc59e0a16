import { isMissed, markdownOf, type Report } from './figures.ts';

/** `npm run bench [-- scan memory …]`: measures, prints Markdown, exits 1 where a goal is missed. */
type Measure = (note: (line: string) => void) => Promise<Report>;

const MEASURES: Readonly<Record<string, () => Promise<Measure>>> = {
  scan: async () => (await import('./scan.ts')).measureScan,
  memory: async () => (await import('./memory.ts')).measureMemory,
  directory: async () => (await import('./directory.ts')).measureDirectory,
  bundle: async () => (await import('./bundle.ts')).measureBundle,
  coldStart: async () => (await import('./coldStart.ts')).measureColdStart,
  refresh: async () => (await import('./refresh.ts')).measureRefresh,
  prove: async () => (await import('./prove.ts')).measureProofs,
  tokens: async () => (await import('./tokens.ts')).measureTokens,
  telemetry: async () => (await import('./telemetry.ts')).measureTelemetry,
  board: async () => (await import('./board.ts')).measureBoard,
  alertGate: async () => (await import('./alertGate.ts')).measureAlertGate,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in MEASURES));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(MEASURES).join(', ')}`);
  process.exit(2);
}

for (const name of names.length > 0 ? names : Object.keys(MEASURES)) {
  const measure = await MEASURES[name]?.();
  if (measure === undefined) continue;
  const report = await measure((line) => console.error(line));
  console.log(markdownOf(report));
  if (report.figures.some(isMissed)) process.exitCode = 1;
}

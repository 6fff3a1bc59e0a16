import { connect } from '../lib/app/connections.ts';
import { azurePlatform } from '../lib/app/platform.ts';
import {
  CREDENTIAL_STATUSES,
  type CredentialStatus,
  needsAttention,
  STATUSES_WORST_FIRST,
} from '../lib/credentials/statuses.ts';
import { eachOf } from '../lib/kernel/eachOf.ts';
import { systemClock } from '../lib/kernel/systemClock.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { CLOCK_SKEW_ACTION, describeClockSkew } from '../lib/scan/rules/clockSkew.ts';
import type { ConfigRule } from '../lib/scan/rules/configRule.ts';
import type { Assessment } from '../lib/scan/rules/credential.ts';
import { whyIdle } from '../lib/scan/rules/idleRule.ts';
import type { ScanRequest } from '../lib/scan/rules/scanRequest.ts';
import { createScanner, type Scanner } from '../lib/scan/scanner.ts';
import type { TargetScan } from '../lib/scan/scanTarget.ts';
import { silentTelemetry } from '../lib/telemetry/silentTelemetry.ts';
import { oneOf } from './arguments.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { credentialTable } from './report/credentialTable.ts';
import { counted } from './report/humanTime.ts';
import { scanCsv, scanJson } from './report/machineReadable.ts';
import { scanSummary } from './report/scanSummary.ts';
import { coloured, plain } from './report/style.ts';
import { configFor, NO_FURTHER_SOURCES } from './vaultOption.ts';

const HELP = `npm run scan -- [--vault URL]… [--json | --csv] [--fail-on STATUS]

Lists the metadata of every secret, key and certificate (never a value) with your own Azure login
(az login, environment, managed identity: whatever DefaultAzureCredential finds) and shows where
each credential stands, worst first.

  --vault URL       a vault, like https://NAME.vault.azure.net; may be repeated. Without it: the
                    vaults of the settings and of keywatch.config.json
  --json, --csv     for machines; use "npm run -s scan" to have nothing else on standard output
  --fail-on STATUS  warning (default), critical, expired or never

Exit code: 0 nothing needs attention, 1 something does, 2 the scan itself failed.`;

/** Reads the options of `keywatch scan` and runs it against Azure. */
export const scanCommand = command({
  help: HELP,
  options: {
    vault: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    csv: { type: 'boolean', default: false },
    'fail-on': { type: 'string', default: 'warning' },
  },
  run: async (options, terminal) => {
    if (options.json && options.csv) throw new UsageError('--json and --csv exclude each other');
    const failOn = oneOf('--fail-on', options['fail-on'], FAIL_ON);
    const config = await configFor(options.vault ?? [], {}, { refreshes: false });
    // A person is looking at the table: nobody else needs to be told of this scan.
    const platform = { ...(await azurePlatform(config)), telemetry: silentTelemetry(() => undefined) };
    const isPart = options.vault !== undefined;
    const connections = { ...connect(config, platform), ...(isPart ? NO_FURTHER_SOURCES : {}) };
    const format = options.json ? 'json' : options.csv ? 'csv' : 'table';
    const rules = isPart ? [] : config.rules;
    const scanner = createScanner(config, connections);
    return runScan(scanner, terminal, { format, failOn, rules }, systemClock.nowEpochMs());
  },
});

/** From which status on the exit code asks for attention. */
export const FAIL_ON: readonly FailOn[] = [
  ...STATUSES_WORST_FIRST.filter((status) => CREDENTIAL_STATUSES[status].needsAction).toReversed(),
  'never',
];
export type FailOn = CredentialStatus | 'never';

export interface ScanOptions {
  readonly format: 'table' | 'json' | 'csv';
  readonly failOn: FailOn;
  /** Rules that are to match something; absent: none. */
  readonly rules?: readonly ConfigRule[];
}

/** Vaults scanned at a time: their pages come one after the other, so the time goes into waiting. */
const CONCURRENCY = 16;

/**
 * Scans every vault of the configuration and prints what it found: results to standard output, what went
 * wrong beside them and the progress to standard error.
 */
export const runScan = async (
  scanner: Pick<Scanner, 'plan' | 'scan'>,
  terminal: Terminal,
  { format, failOn, rules = [] }: ScanOptions,
  nowEpochMs: number,
): Promise<number> => {
  const { requests, discoveryFailures } = await scanner.plan('full');
  for (const { message, action } of discoveryFailures) terminal.note(`${message} ${action}`);
  const isAllKnown = discoveryFailures.length === 0;
  if (requests.length === 0) {
    terminal.note(NOTHING_TO_SCAN);
    return EXIT.failed;
  }
  const scanned = await scanAll(scanner, terminal, requests);
  const { assessments, scans } = scanned;
  const clockSkewMs = noteClockSkew(terminal, scans);
  await print(terminal, format, { assessments, scans, nowEpochMs: nowEpochMs - clockSkewMs });
  // Of other vaults than those of the configuration a rule may be for any.
  if (isAllKnown) noteIdleRules(terminal, rules, scanned, nowEpochMs - clockSkewMs);
  if (!isAllKnown || scans.some(({ outcome }) => outcome === 'failed')) return EXIT.failed;
  return assessments.some((one) => failsOn(one, failOn)) ? EXIT.attention : EXIT.quiet;
};

/** What to do where no vault is named, for commands that want one. */
export const NOTHING_TO_SCAN =
  'There is no vault to scan. Name one with --vault https://NAME.vault.azure.net, in "vaults" of keywatch.config.json, or in the settings KEYWATCH_VAULTS or KEYWATCH_SUBSCRIPTIONS.';

/** The rules that matched nothing in a scan of everything: of a part of it nobody knows. */
const noteIdleRules = (
  terminal: Terminal,
  rules: readonly ConfigRule[],
  { scans, used }: Scanned,
  nowEpochMs: number,
): void => {
  const isWhole = scans.every(({ outcome }) => outcome === 'complete');
  for (const rule of rules) {
    const why = whyIdle(rule, isWhole ? used.has(rule) : undefined, nowEpochMs);
    if (why !== undefined) terminal.note(why);
  }
};

interface Scanned {
  /** Without what is ignored, which only the vault's own line counts. */
  readonly assessments: readonly Assessment[];
  readonly scans: readonly TargetScan[];
  /** The rules of the config that match something. */
  readonly used: ReadonlySet<ConfigRule>;
}

const scanAll = async (
  scanner: Pick<Scanner, 'scan'>,
  terminal: Terminal,
  requests: readonly ScanRequest[],
): Promise<Scanned> => {
  const assessments: Assessment[] = [];
  const scans: TargetScan[] = [];
  const used = new Set<ConfigRule>();
  const showProgress = (): void => {
    const done = `${scans.length} of ${counted(requests.length, 'scan')}`;
    terminal.progress(`${done}, ${counted(assessments.length, 'credential')} …`);
  };
  const observe = (assessment: Assessment): void => {
    for (const rule of assessment.judgement?.resolution.rules ?? []) used.add(rule);
    if (assessment.suppressed === 'ignored') return;
    assessments.push(assessment);
    if (assessments.length % 250 === 0) showProgress();
  };

  showProgress();
  await eachOf(requests, CONCURRENCY, async (request) => {
    scans.push(await scanner.scan(request, observe));
    showProgress();
  });
  terminal.progress('');
  return { assessments, scans, used };
};

/** Says once that this machine's clock is wrong. @returns how far it is ahead, 0 when it is right */
const noteClockSkew = (terminal: Terminal, scans: readonly TargetScan[]): number => {
  for (const { vault, clockSkewMs } of scans) {
    const sentence = describeClockSkew(vault, clockSkewMs);
    if (sentence === undefined) continue;
    terminal.note(`${sentence} ${CLOCK_SKEW_ACTION}`);
    return clockSkewMs ?? 0;
  }
  return 0;
};

const print = async (
  terminal: Terminal,
  format: ScanOptions['format'],
  { assessments, scans, nowEpochMs }: Omit<Scanned, 'used'> & { readonly nowEpochMs: number },
): Promise<void> => {
  if (format === 'json') return terminal.printAll(scanJson(assessments, scans));
  if (format === 'csv') {
    await terminal.printAll(scanCsv(assessments, scans));
    const failed = scans.filter(({ outcome }) => outcome === 'failed');
    failed.flatMap((scan) => scanSummary(scan, plain)).forEach(terminal.note);
    return;
  }
  const paint = terminal.hasColour ? coloured : plain;
  if (assessments.length > 0) {
    await terminal.printAll(
      credentialTable(assessments, scans, nowEpochMs, { paint, width: terminal.width }),
    );
    terminal.print('');
  }
  const byName = [...scans].sort((one, other) => one.vault.localeCompare(other.vault, 'en'));
  byName.flatMap((scan) => scanSummary(scan, paint)).forEach(terminal.print);
};

const failsOn = (one: Assessment, failOn: FailOn): boolean =>
  failOn !== 'never' &&
  needsAttention(one) &&
  STATUSES_WORST_FIRST.indexOf(one.status) <= STATUSES_WORST_FIRST.indexOf(failOn);

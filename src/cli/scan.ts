import { writeFileSync } from 'node:fs';
import { connect } from '../lib/app/connections.ts';
import { boardReport } from '../lib/board/board.ts';
import { WHERE_TO_NAME_TARGETS } from '../lib/credentials/sources.ts';
import {
  CREDENTIAL_STATUSES,
  type CredentialStatus,
  needsAttention,
  STATUSES_WORST_FIRST,
} from '../lib/credentials/statuses.ts';
import { printable } from '../lib/kernel/printable.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { CLOCK_SKEW_ACTION, describeClockSkew } from '../lib/scan/rules/clockSkew.ts';
import type { ConfigRule } from '../lib/scan/rules/configRule.ts';
import type { Assessment } from '../lib/scan/rules/credential.ts';
import { whyIdle } from '../lib/scan/rules/idleRule.ts';
import { worstFirst } from '../lib/scan/rules/worstFirst.ts';
import { createScanner, type Scanner } from '../lib/scan/scanner.ts';
import type { TargetScan } from '../lib/scan/scanTarget.ts';
import { oneOf } from './arguments.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { notingTelemetry } from './notingTelemetry.ts';
import { LOCAL_OPTION, localHelp, placeOf } from './place.ts';
import { credentialTable } from './report/credentialTable.ts';
import { explainCredential, isCalled } from './report/explainCredential.ts';
import { scanCsv, scanJson } from './report/machineReadable.ts';
import { scanSummary } from './report/scanSummary.ts';
import { coloured, plain } from './report/style.ts';
import { type Scanned, scanAll } from './scanAll.ts';
import { configFor, NO_FURTHER_SOURCES } from './vaultOption.ts';

const HELP = `npm run scan -- [--vault URL]… [--json | --csv | --html FILE | --explain NAME]
                 [--fail-on STATUS] [--local FOLDER]

Lists the metadata of every secret, key and certificate (never a value) with your own Azure login
(az login, environment, managed identity: whatever DefaultAzureCredential finds) and shows where
each credential stands, worst first.

  --vault URL       a vault, like https://NAME.vault.azure.net; may be repeated. Without it: the
                    vaults of the settings and of keywatch.config.json
  --json, --csv     for machines; use "npm run -s scan" to have nothing else on standard output
  --html FILE       writes one file with what is broken, what is next, every credential, owner and finding,
                    to be opened in a browser and sent to somebody; it needs no server
  --explain NAME    of one credential, by its name or its VAULT/KIND/NAME: each value that steers its
                    alerts, and who said it: a tag, a rule, a grant, the vault, the defaults
  --fail-on STATUS  warning (default), critical, expired or never
${localHelp(20)}

Exit code: 0 nothing needs attention, 1 something does, 2 the scan itself failed.`;

/** Reads the options of `keywatch scan` and runs it against Azure. */
export const scanCommand = command({
  help: HELP,
  options: {
    vault: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    csv: { type: 'boolean', default: false },
    html: { type: 'string' },
    explain: { type: 'string' },
    'fail-on': { type: 'string', default: 'warning' },
    ...LOCAL_OPTION,
  },
  run: async (options, terminal) => {
    const { explain, html } = options;
    const ways = [options.json, options.csv, html !== undefined, explain !== undefined];
    if (ways.filter(Boolean).length > 1)
      throw new UsageError('--json, --csv, --html and --explain exclude each other');
    const failOn = oneOf('--fail-on', options['fail-on'], FAIL_ON);
    const place = await placeOf(options.local);
    const config = await configFor(options.vault ?? [], {}, { refreshes: false });
    const platform = { ...(await place.platform(config)), telemetry: notingTelemetry(terminal) };
    const isPart = options.vault !== undefined;
    const connections = { ...connect(config, platform), ...(isPart ? NO_FURTHER_SOURCES : {}) };
    const format = options.json ? 'json' : options.csv ? 'csv' : html === undefined ? 'table' : { html };
    const rules = isPart ? [] : config.rules;
    const scanner = createScanner(config, connections);
    return runScan(scanner, terminal, { format, failOn, rules, explain }, place.nowEpochMs());
  },
});

/** From which status on the exit code asks for attention. */
export const FAIL_ON: readonly FailOn[] = [
  ...STATUSES_WORST_FIRST.filter((status) => CREDENTIAL_STATUSES[status].needsAction).toReversed(),
  'never',
];
export type FailOn = CredentialStatus | 'never';

export interface ScanOptions {
  /** An object: the file that becomes the report. */
  readonly format: 'table' | 'json' | 'csv' | { readonly html: string };
  readonly failOn: FailOn;
  /** Rules that are to match something; absent: none. */
  readonly rules?: readonly ConfigRule[];
  /** Explains what is called so instead of listing everything; absent: nothing. */
  readonly explain?: string | undefined;
}

/**
 * Scans every vault of the configuration and prints what it found: results to standard output, what went
 * wrong beside them and the progress to standard error.
 */
export const runScan = async (
  scanner: Pick<Scanner, 'plan' | 'scan'>,
  terminal: Terminal,
  { format, failOn, rules = [], explain }: ScanOptions,
  nowEpochMs: number,
): Promise<number> => {
  const { requests, discoveryFailures } = await scanner.plan('full');
  for (const { message, action } of discoveryFailures) terminal.note(`${message} ${action}`);
  const isAllKnown = discoveryFailures.length === 0;
  if (requests.length === 0) {
    terminal.note(NOTHING_TO_SCAN);
    return EXIT.failed;
  }
  const isMeant = explain === undefined ? isNotIgnored : isCalled(explain);
  const scanned = await scanAll(scanner, terminal, requests, isMeant);
  const { assessments, scans } = scanned;
  const clockSkewMs = noteClockSkew(terminal, scans);
  const shown = { assessments, scans, nowEpochMs: nowEpochMs - clockSkewMs };
  if (explain === undefined) await print(terminal, format, shown);
  else if (!printExplained(terminal, explain, shown)) return EXIT.failed;
  // Of other vaults than those of the configuration a rule may be for any.
  if (isAllKnown && explain === undefined) noteIdleRules(terminal, rules, scanned, nowEpochMs - clockSkewMs);
  if (!isAllKnown || scans.some(({ outcome }) => outcome === 'failed')) return EXIT.failed;
  return assessments.some((one) => failsOn(one, failOn)) ? EXIT.attention : EXIT.quiet;
};

/** What to do where nothing is named, for commands that want a target. */
export const NOTHING_TO_SCAN = `There is nothing to scan. Name vaults with --vault https://NAME.vault.azure.net, or ${WHERE_TO_NAME_TARGETS}.`;

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

const isNotIgnored = ({ suppressed }: Assessment): boolean => suppressed !== 'ignored';

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

type Shown = Omit<Scanned, 'used'> & { readonly nowEpochMs: number };

const noteFailed = (terminal: Terminal, scans: readonly TargetScan[]): void => {
  const failed = scans.filter(({ outcome }) => outcome === 'failed');
  failed.flatMap((scan) => scanSummary(scan, plain)).forEach(terminal.note);
};

/** Explains each credential of a name. @returns whether there is any */
const printExplained = (
  terminal: Terminal,
  explain: string,
  { assessments, scans, nowEpochMs }: Shown,
): boolean => {
  const style = { paint: terminal.hasColour ? coloured : plain, width: terminal.width };
  for (const [index, one] of [...assessments].sort(worstFirst).entries()) {
    if (index > 0) terminal.print('');
    explainCredential(one, nowEpochMs, style).forEach(terminal.print);
  }
  noteFailed(terminal, scans);
  if (assessments.length > 0) return true;
  terminal.note(
    `No credential is called "${printable(explain)}" in what was scanned. Give its name, or its VAULT/KIND/NAME as alerts have it.`,
  );
  return false;
};

const print = async (
  terminal: Terminal,
  format: ScanOptions['format'],
  { assessments, scans, nowEpochMs }: Shown,
): Promise<void> => {
  if (typeof format === 'object') {
    writeReport(format.html, boardReport({ assessments, scans, nowEpochMs }));
    terminal.note(`Wrote ${printable(format.html, 200)}.`);
  }
  if (format === 'json') return terminal.printAll(scanJson(assessments, scans));
  if (format === 'csv') {
    await terminal.printAll(scanCsv(assessments, scans));
    return noteFailed(terminal, scans);
  }
  const paint = terminal.hasColour ? coloured : plain;
  if (assessments.length > 0 && format === 'table') {
    await terminal.printAll(
      credentialTable(assessments, scans, nowEpochMs, { paint, width: terminal.width }),
    );
    terminal.print('');
  }
  const byName = [...scans].sort((one, other) => one.vault.localeCompare(other.vault, 'en'));
  byName.flatMap((scan) => scanSummary(scan, paint)).forEach(terminal.print);
};

/** @throws UsageError where the file may not be written there */
const writeReport = (file: string, text: string): void => {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UsageError(`--html: "${printable(file, 200)}" cannot be written (${code})`);
  }
};

const failsOn = (one: Assessment, failOn: FailOn): boolean =>
  failOn !== 'never' &&
  needsAttention(one) &&
  STATUSES_WORST_FIRST.indexOf(one.status) <= STATUSES_WORST_FIRST.indexOf(failOn);

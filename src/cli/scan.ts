import { connect } from '../lib/app/connections.ts';
import { NOBODY } from '../lib/board/rules/query.ts';
import { asksForAttention } from '../lib/credentials/endedLongAgo.ts';
import { WHERE_TO_NAME_TARGETS } from '../lib/credentials/sources.ts';
import {
  CREDENTIAL_STATUSES,
  type CredentialStatus,
  STATUSES_WORST_FIRST,
} from '../lib/credentials/statuses.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { CLOCK_SKEW_ACTION, describeClockSkew } from '../lib/scan/rules/clockSkew.ts';
import type { ConfigRule } from '../lib/scan/rules/configRule.ts';
import type { Assessment } from '../lib/scan/rules/credential.ts';
import { whyIdle } from '../lib/scan/rules/idleRule.ts';
import { createScanner, type Scanner } from '../lib/scan/scanner.ts';
import type { TargetScan } from '../lib/scan/scanTarget.ts';
import { oneOf } from './arguments.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { notingTelemetry } from './notingTelemetry.ts';
import { LOCAL_OPTION, localHelp, placeOf } from './place.ts';
import { printExplained, printScan, type ScanFormat } from './printScan.ts';
import { isCalled } from './report/explainCredential.ts';
import { type Scanned, scanAll } from './scanAll.ts';
import { configFor, NO_FURTHER_SOURCES } from './vaultOption.ts';

const HELP = `npm run scan -- [--vault URL]… [--all] [--owner OWNER] [--status STATUS]…
                 [--json | --csv | --html FILE | --ics FILE | --explain NAME]
                 [--fail-on STATUS] [--local FOLDER]

Lists the metadata of every secret, key and certificate (never a value) with your own Azure login
(az login, environment, managed identity: whatever DefaultAzureCredential finds) and shows where
each credential that needs attention stands, worst first, with a count of the rest.

  --vault URL       a vault, like https://NAME.vault.azure.net; may be repeated. Without it: the
                    vaults of the settings and of keywatch.config.json
  --all             shows the rest too
  --owner OWNER     what belongs to this owner alone; "(nobody)" for what has none
  --status STATUS   what has this status alone (${STATUSES_WORST_FIRST.slice(0, 4).join(', ')}, …); may be repeated
  --json, --csv     all of it, for machines; use "npm run -s scan" to have nothing else on standard output
  --html FILE       writes one file with what is broken, what is next, every credential, owner and finding,
                    to be opened in a browser and sent to somebody; it needs no server
  --ics FILE        writes one file for a calendar: each end, with reminders
  --explain NAME    of one credential, by its name or its VAULT/KIND/NAME: each value that steers its
                    alerts, and who said it: a tag, a rule, a grant, the vault, the defaults;
                    and its findings, with what to do
  --fail-on STATUS  warning (default), critical, expired or never
${localHelp(20)}

Exit code: 0 nothing needs attention, 1 something does, 2 the scan itself failed.`;

export const scanCommand = command({
  help: HELP,
  options: {
    vault: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    csv: { type: 'boolean', default: false },
    html: { type: 'string' },
    ics: { type: 'string' },
    all: { type: 'boolean', default: false },
    owner: { type: 'string' },
    status: { type: 'string', multiple: true },
    explain: { type: 'string' },
    'fail-on': { type: 'string', default: 'warning' },
    ...LOCAL_OPTION,
  },
  run: async (options, terminal) => {
    const { explain, html, ics, all, owner } = options;
    const ways = [options.json, options.csv, html !== undefined, ics !== undefined, explain !== undefined];
    if (ways.filter(Boolean).length > 1)
      throw new UsageError('--json, --csv, --html, --ics and --explain exclude each other');
    const statuses = options.status?.map((given) => oneOf('--status', given, STATUSES_WORST_FIRST));
    if (explain !== undefined && (owner ?? statuses) !== undefined)
      throw new UsageError('--explain is of one credential: --owner and --status go with the others');
    const failOn = oneOf('--fail-on', options['fail-on'], FAIL_ON);
    const place = await placeOf(options.local);
    const config = await configFor(options.vault ?? [], {}, { refreshes: false });
    const platform = { ...(await place.platform(config)), telemetry: notingTelemetry(terminal) };
    const isPart = options.vault !== undefined;
    const connections = { ...connect(config, platform), ...(isPart ? NO_FURTHER_SOURCES : {}) };
    const files = html !== undefined ? { html } : ics !== undefined ? { ics } : 'table';
    const format = options.json ? 'json' : options.csv ? 'csv' : files;
    const rules = isPart ? [] : config.rules;
    const scanner = createScanner(config, connections);
    return runScan(
      scanner,
      terminal,
      { format, failOn, rules, explain, all, owner, statuses },
      place.nowEpochMs(),
    );
  },
});

/** From which status on the exit code asks for attention. */
export const FAIL_ON: readonly FailOn[] = [
  ...STATUSES_WORST_FIRST.filter((status) => CREDENTIAL_STATUSES[status].needsAction).toReversed(),
  'never',
];
export type FailOn = CredentialStatus | 'never';

export interface ScanOptions {
  readonly format: ScanFormat;
  readonly failOn: FailOn;
  /** Rules that are to match something; absent: none. */
  readonly rules?: readonly ConfigRule[];
  /** Explains what is called so instead of listing everything; absent: nothing. */
  readonly explain?: string | undefined;
  /** Whether the table has what needs no attention too. */
  readonly all?: boolean;
  /** Whose alone, `(nobody)` among them; absent: everybody's. */
  readonly owner?: string | undefined;
  /** Of which statuses alone; absent: of any. */
  readonly statuses?: readonly CredentialStatus[] | undefined;
}

/**
 * Scans every vault of the configuration and prints what it found: results to standard output, what went
 * wrong beside them and the progress to standard error.
 */
export const runScan = async (
  scanner: Pick<Scanner, 'plan' | 'scan'>,
  terminal: Terminal,
  { format, failOn, rules = [], explain, all = false, owner, statuses }: ScanOptions,
  nowEpochMs: number,
): Promise<number> => {
  const { requests, discoveryFailures } = await scanner.plan('full');
  for (const { message, action } of discoveryFailures) terminal.note(`${message} ${action}`);
  const isAllKnown = discoveryFailures.length === 0;
  if (requests.length === 0) {
    terminal.note(NOTHING_TO_SCAN);
    return EXIT.failed;
  }
  const isMeant =
    explain !== undefined
      ? isCalled(explain)
      : (one: Assessment) =>
          one.suppressed !== 'ignored' &&
          (owner === undefined || (one.owner ?? NOBODY) === owner) &&
          (statuses === undefined || statuses.includes(one.status));
  const scanned = await scanAll(scanner, terminal, requests, isMeant);
  const { assessments, scans } = scanned;
  const clockSkewMs = noteClockSkew(terminal, scans);
  const shown = { assessments, scans, nowEpochMs: nowEpochMs - clockSkewMs };
  if (explain === undefined) await printScan(terminal, format, shown, all || statuses !== undefined);
  else if (!printExplained(terminal, explain, shown)) return EXIT.failed;
  // Of other vaults than those of the configuration a rule may be for any.
  if (isAllKnown && explain === undefined) noteIdleRules(terminal, rules, scanned, shown.nowEpochMs);
  if (!isAllKnown || scans.some(({ outcome }) => outcome === 'failed')) return EXIT.failed;
  return assessments.some((one) => failsOn(one, failOn, shown.nowEpochMs)) ? EXIT.attention : EXIT.quiet;
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

const failsOn = (one: Assessment, failOn: FailOn, nowEpochMs: number): boolean =>
  failOn !== 'never' &&
  asksForAttention(one, nowEpochMs) &&
  STATUSES_WORST_FIRST.indexOf(one.status) <= STATUSES_WORST_FIRST.indexOf(failOn);

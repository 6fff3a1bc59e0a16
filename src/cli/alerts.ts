import { type AlertEvaluations, evaluateAlertsOver } from '../lib/alerts/evaluateAlerts.ts';
import { isWorkspaceId, logsQuery } from '../lib/azure/logs/logsQuery.ts';
import { ConfigError } from '../lib/config/configIssue.ts';
import { unsafeEnvironmentIssues } from '../lib/config/unsafeEnvironment.ts';
import { readEnvironment } from '../lib/kernel/environment.ts';
import { printable } from '../lib/kernel/printable.ts';
import { systemClock } from '../lib/kernel/systemClock.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { wholeNumber } from './arguments.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { LOCAL_OPTION, localHelp, placeOf } from './place.ts';
import { ruleJson } from './report/ruleJson.ts';
import { ruleReport } from './report/ruleReport.ts';
import { coloured, plain } from './report/style.ts';

const HELP = `npm run alerts [-- --workspace ID | --local FOLDER | --days N] [--json]

Shows for each alert rule of infra/alerts whether it would fire now, on which rows, and what to do.
Without --workspace and --local: one run on the seeded company, as npm start -- --once makes it.

  --workspace ID    a live Log Analytics workspace, with your own Azure login; the ID is a GUID:
                    az monitor log-analytics workspace show -g GROUP -n NAME --query customerId -o tsv
${localHelp(20)}
  --days N          of the one run: local time that many days ahead (0 to 3650)
  --json            for machines; use "npm run -s alerts" to have nothing else on standard output

Exit code: 0 no rule fires, 1 some fire, 2 a rule could not be evaluated.`;

export const alertsCommand = command({
  help: HELP,
  options: {
    workspace: { type: 'string' },
    days: { type: 'string' },
    json: { type: 'boolean', default: false },
    ...LOCAL_OPTION,
  },
  run: async (options, terminal) => {
    const { local } = options;
    if (local !== undefined) {
      if (options.workspace !== undefined || options.days !== undefined)
        throw new UsageError('--local, --workspace and --days exclude each other');
      return overPlace(local, options.json, terminal);
    }
    if (options.workspace === undefined) {
      const days = wholeNumber('--days', options.days ?? '0', 0, 3650);
      return locally(days, options.json, terminal);
    }
    if (options.days !== undefined)
      throw new UsageError('--days moves local time only; leave out --workspace');
    if (!isWorkspaceId(options.workspace)) {
      const given = printable(options.workspace);
      throw new UsageError(
        `--workspace is "${given}"; it takes the ID of the workspace, a GUID, which is not its name: az monitor log-analytics workspace show -g GROUP -n NAME --query customerId -o tsv`,
      );
    }
    return overWorkspace(options.workspace, options.json, terminal);
  },
});

const overPlace = async (folder: string, asJson: boolean, terminal: Terminal): Promise<number> => {
  const { logs, nowEpochMs } = await placeOf(folder);
  if (logs === undefined) throw new Error('a company of this machine answers queries');
  const output = { asJson, source: 'local', nowEpochMs: nowEpochMs() };
  return printAlerts(await evaluateAlertsOver(logs), output, terminal);
};

const locally = async (days: number, asJson: boolean, terminal: Terminal): Promise<number> => {
  const { evaluateLocalAlerts } = await import('./local/localAlerts.ts');
  const { ok, nowEpochMs, ...evaluations } = await evaluateLocalAlerts(days, terminal);
  const exitCode = printAlerts(evaluations, { asJson, source: 'local', nowEpochMs }, terminal);
  if (ok) return exitCode;
  terminal.note('A part of the run failed: the rules were judged on less than there is.');
  return EXIT.failed;
};

const overWorkspace = async (workspaceId: string, asJson: boolean, terminal: Terminal): Promise<number> => {
  const faults = unsafeEnvironmentIssues(readEnvironment());
  if (faults.length > 0) throw new ConfigError(faults);
  const { DefaultAzureCredential } = await import('@azure/identity');
  const credential = new DefaultAzureCredential();
  const logs = logsQuery({ workspaceId, credential, clock: systemClock });
  const evaluations = await evaluateAlertsOver(logs, ({ name }) => terminal.progress(`asking for ${name} …`));
  terminal.progress('');
  const output = { asJson, source: workspaceId, nowEpochMs: systemClock.nowEpochMs() };
  return printAlerts(evaluations, output, terminal);
};

export interface AlertsOutput {
  readonly asJson: boolean;
  /** `local`, or the ID of the workspace. */
  readonly source: string;
  readonly nowEpochMs: number;
}

/** Prints every rule with what it found. Gives the exit code: a rule of which nobody knows is a failure. */
export const printAlerts = (
  evaluations: AlertEvaluations,
  { asJson, source, nowEpochMs }: AlertsOutput,
  terminal: Terminal,
): number => {
  const paint = terminal.hasColour ? coloured : plain;
  if (asJson) terminal.print(ruleJson(evaluations, { source, nowEpochMs }));
  else ruleReport(evaluations, paint, terminal.width).forEach(terminal.print);
  if (evaluations.unknown.length > 0) return EXIT.failed;
  return evaluations.evaluated.some(({ fires }) => fires) ? EXIT.attention : EXIT.quiet;
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { USE_LOGS } from '../src/lib/board/rules/useCalls.ts';
import {
  FINDING_FIXES,
  FINDING_TITLES,
  MARKED_GRANTS,
  MARKED_PROOFS,
  MARKED_STATUSES,
  type Marked,
  OUTCOME_MEANINGS,
  PROOF_MEANINGS,
  RANKS,
} from './workbookWords.ts';

const FOLDER = join(import.meta.dirname, '../infra');

const textOf = (file: string): string => readFileSync(join(FOLDER, `${file}.kql`), 'utf8');

/** What queries begin with; all but what is chosen is shared with the alerts. */
const SETTINGS = textOf('workbook/heads/settings');
const RUNS = textOf('kql/runs');
const CREDENTIALS = [
  SETTINGS,
  RUNS,
  textOf('kql/credentials'),
  textOf('workbook/heads/chosen-credentials'),
  RANKS,
  FINDING_TITLES,
];
const GRANTS = [SETTINGS, RUNS, textOf('kql/grants'), OUTCOME_MEANINGS];
const PROOFS = [SETTINGS, RUNS, textOf('kql/proofs'), PROOF_MEANINGS];
const SIGN_INS = textOf('kql/sign-ins');
/** What was used, as far back as the panels show. */
const callsOf = (source: keyof typeof USE_LOGS): string =>
  USE_LOGS[source].calls.replaceAll('ago(2d)', 'ago(90d)');
const FINDINGS = [SETTINGS, RUNS, textOf('kql/findings'), FINDING_TITLES, FINDING_FIXES];

/** The longest time that can be chosen, in place of that of the alerts. */
const LONGEST_TIME = 'ago(30d)';

/** The query of a workbook item, comments and all, with what it begins with. */
export const workbookQuery = (name: string): string => {
  const { heads = [], time, query: file = name } = PANELS.find((panel) => panel.name === name) ?? {};
  const query = [...heads, textOf(`workbook/${file}`)].join('');
  return time === 'chosen' ? query.replaceAll('ago(2d)', LONGEST_TIME) : query;
};

/** One query and how it is shown. */
export interface Panel {
  /** Name of its query, `NAME.kql`, unless it shares one. */
  readonly name: string;
  /** The query that it shares. */
  readonly query?: string;
  /** What its query begins with. */
  readonly heads?: readonly string[];
  readonly tab: string;
  readonly title: string;
  /** Absent: a table. */
  readonly visualization?: 'categoricalbar' | 'piechart' | 'timechart';
  /** Which columns a chart draws; without it the service guesses. */
  readonly chart?: { readonly xAxis?: string; readonly yAxis: readonly string[]; readonly group: string };
  /** The column, or the series of a chart, whose marked words have the colours of the board. */
  readonly coloured?: { readonly column: string; readonly as: readonly Marked[] };
  /** What it means when there are no rows; absent where there always are. */
  readonly whenEmpty?: string;
  /** Whether no rows are good news. */
  readonly emptyIsGood?: true;
  /** `chosen`: the parameter TimeRange; otherwise as far as the query itself looks back. Absent: two days. */
  readonly time?: 'chosen' | '90 days';
}

const NOTHING_REPORTED =
  'No credential that these choices leave was reported within two days: the scanner is silent, or sees no vault. Look at Scan health.';

/** The panels, and through them the tabs, in their order. */
export const PANELS: readonly Panel[] = [
  {
    name: 'inventory-by-status',
    heads: CREDENTIALS,
    tab: 'Inventory',
    title: 'Credentials by status, as of the last inventory',
    visualization: 'piechart',
    chart: { yAxis: ['Credentials'], group: 'Status' },
    coloured: { column: 'Status', as: MARKED_STATUSES },
    whenEmpty: NOTHING_REPORTED,
  },
  {
    name: 'timeline',
    heads: CREDENTIALS,
    tab: 'Inventory',
    title: 'Ends of the next 180 days, by week',
    visualization: 'categoricalbar',
    chart: { xAxis: 'WeekOf', yAxis: ['Credentials'], group: 'Kind' },
  },
  {
    name: 'inventory',
    heads: CREDENTIALS,
    tab: 'Inventory',
    title: 'Every credential, worst first, as of the last inventory and what was seen since',
    coloured: { column: 'Status', as: MARKED_STATUSES },
    whenEmpty: NOTHING_REPORTED,
  },
  {
    name: 'grants',
    heads: GRANTS,
    tab: 'Grants',
    title: 'Grants: age, deadline, last outcome',
    coloured: { column: 'LastOutcome', as: MARKED_GRANTS },
    whenEmpty:
      'No grant was reported within two days: none is configured for this owner, or the refresh timer is silent. Look at Scan health.',
  },
  {
    name: 'proofs',
    heads: PROOFS,
    tab: 'Proofs',
    title: 'Credentials that are proven by using them, refused ones first',
    coloured: { column: 'Outcome', as: MARKED_PROOFS },
    whenEmpty:
      'No credential was proven within two days: the config names no client for this owner, or the proof timer is silent. Look at Scan health.',
  },
  {
    name: 'refused-calls',
    heads: [textOf('kql/http-calls')],
    tab: '401s',
    title: 'Calls answered 401, by host',
    visualization: 'timechart',
    time: 'chosen',
    chart: { xAxis: 'Hour', yAxis: ['Refused'], group: 'Host' },
    whenEmpty: 'No call that this workspace recorded was answered 401 in this time.',
    emptyIsGood: true,
  },
  {
    name: 'grant-callers',
    heads: [SETTINGS],
    tab: 'Callers',
    title: 'Who uses each grant: callers that were handed its access tokens',
    time: 'chosen',
    whenEmpty: 'Nobody was handed an access token in this time.',
  },
  {
    name: 'refused-callers',
    heads: [SETTINGS],
    tab: 'Callers',
    title: 'Callers that Keywatch turned away, and what helps',
    time: 'chosen',
    whenEmpty: 'Keywatch turned nobody away in this time.',
    emptyIsGood: true,
  },
  {
    name: 'entra-refusals',
    heads: [SIGN_INS, textOf('kql/entra-refusals')],
    tab: 'Entra sign-ins',
    title: 'Refused at Entra ID, whatever application it is (needs the sign-in logs of the tenant)',
    time: 'chosen',
    whenEmpty: 'Nobody was refused for the credential that was sent in this time.',
    emptyIsGood: true,
  },
  {
    name: 'used-in-vaults',
    query: 'used-by',
    heads: [...CREDENTIALS, callsOf('keyvault'), textOf('workbook/heads/uses-of-vaults')],
    tab: 'Used by',
    title: 'Who uses what vaults hold, and when last, of 90 days or as many as the logs are kept',
    time: '90 days',
    whenEmpty: NOTHING_REPORTED,
  },
  {
    name: 'used-at-entra',
    query: 'used-by',
    heads: [...CREDENTIALS, callsOf('entra'), textOf('workbook/heads/uses-of-applications')],
    tab: 'Used by',
    title:
      'Who signs in as an application with what it has, proofs of Keywatch among them (needs the sign-in logs of the tenant; what signs people in is not in them)',
    time: '90 days',
    whenEmpty: NOTHING_REPORTED,
  },
  {
    name: 'findings',
    heads: FINDINGS,
    tab: 'Findings',
    title: 'Findings by owner',
    whenEmpty:
      'No fault in the last complete scan of every credential. If Scan health shows none within two days, this says nothing.',
  },
  {
    name: 'scan-health',
    heads: [SETTINGS, RUNS],
    tab: 'Scan health',
    title: 'What each job did',
    time: 'chosen',
    whenEmpty:
      'No job ended a run in this time: nobody is looking, or the telemetry does not arrive (runbook scan-missed).',
  },
];

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINDING_FIXES, FINDING_TITLES, OUTCOME_MEANINGS, RANKS } from './workbookWords.ts';

const FOLDER = join(import.meta.dirname, '../infra');
const WORKSPACE = 'microsoft.operationalinsights/workspaces';
const TWO_DAYS_MS = 172_800_000;
/** Stands for the id of the workspace; infra/modules/workbook.bicep puts it in. */
const WORKSPACE_ID = '__WORKSPACE_ID__';
/** The service's number for a message in green. */
const SUCCESS = 3;

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
const FINDINGS = [SETTINGS, RUNS, textOf('kql/findings'), FINDING_TITLES, FINDING_FIXES];

/** The longest time that can be chosen, in place of that of the alerts. */
const LONGEST_TIME = 'ago(30d)';

/** The query of a workbook item, comments and all, with what it begins with. */
export const workbookQuery = (name: string): string => {
  const { heads = [], time } = PANELS.find((panel) => panel.name === name) ?? {};
  const query = [...heads, textOf(`workbook/${name}`)].join('');
  return time === 'chosen' ? query.replaceAll('ago(2d)', LONGEST_TIME) : query;
};

interface Panel {
  /** Name of its query: `NAME.kql`. */
  readonly name: string;
  /** What its query begins with. */
  readonly heads?: readonly string[];
  readonly tab: string;
  readonly title: string;
  readonly visualization: 'table' | 'categoricalbar' | 'piechart' | 'timechart';
  /** Which columns a chart draws; without it the service guesses. */
  readonly chart?: { readonly xAxis?: string; readonly yAxis: readonly string[]; readonly group: string };
  /** What it means when there are no rows; absent where there always are. */
  readonly whenEmpty?: string;
  /** Whether no rows are good news. */
  readonly emptyIsGood?: true;
  /** `chosen`: the parameter TimeRange; otherwise the query itself looks two days back. */
  readonly time: 'chosen' | 'two days';
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
    time: 'two days',
    chart: { yAxis: ['Credentials'], group: 'Status' },
    whenEmpty: NOTHING_REPORTED,
  },
  {
    name: 'timeline',
    heads: CREDENTIALS,
    tab: 'Inventory',
    title: 'Ends of the next 180 days, by week',
    visualization: 'categoricalbar',
    time: 'two days',
    chart: { xAxis: 'WeekOf', yAxis: ['Credentials'], group: 'Kind' },
  },
  {
    name: 'inventory',
    heads: CREDENTIALS,
    tab: 'Inventory',
    title: 'Every credential, worst first, as of the last inventory and what was seen since',
    visualization: 'table',
    time: 'two days',
    whenEmpty: NOTHING_REPORTED,
  },
  {
    name: 'grants',
    heads: GRANTS,
    tab: 'Grants',
    title: 'Grants: age, deadline, last outcome',
    visualization: 'table',
    time: 'two days',
    whenEmpty:
      'No grant was reported within two days: none is configured for this owner, or the refresh timer is silent. Look at Scan health.',
  },
  {
    name: 'refused-calls',
    tab: '401s',
    title: 'Calls answered 401, by host',
    visualization: 'timechart',
    time: 'chosen',
    chart: { xAxis: 'Hour', yAxis: ['Refused'], group: 'Host' },
    whenEmpty: 'No call that this workspace recorded was answered 401 in this time.',
    emptyIsGood: true,
  },
  {
    name: 'findings',
    heads: FINDINGS,
    tab: 'Findings',
    title: 'Findings by owner',
    visualization: 'table',
    time: 'two days',
    whenEmpty:
      'No fault in the last complete scan of every credential. If Scan health shows none within two days, this says nothing.',
  },
  {
    name: 'scan-health',
    heads: [SETTINGS, RUNS],
    tab: 'Scan health',
    title: 'What each job did',
    visualization: 'table',
    time: 'chosen',
    whenEmpty:
      'No job ended a run in this time: nobody is looking, or the telemetry does not arrive (runbook scan-missed).',
  },
];

const tabId = (tab: string): string => tab.toLowerCase().replaceAll(' ', '-');

const HOUR_MS = 3_600_000;
const timeRange = {
  id: '5d0c6d5b-0f3c-4d34-9b39-4f0f6a0b8a01',
  version: 'KqlParameterItem/1.0',
  name: 'TimeRange',
  label: 'Time of 401s and Scan health',
  type: 4,
  isRequired: true,
  value: { durationMs: 24 * HOUR_MS },
  typeSettings: {
    selectableValues: [1, 4, 24, 72, 168, 720].map((hours) => ({ durationMs: hours * HOUR_MS })),
    allowCustom: true,
  },
};

const choice = (id: string, name: string, query: string) => ({
  id,
  version: 'KqlParameterItem/1.0',
  name,
  type: 2,
  isRequired: true,
  query: workbookQuery(query),
  value: '*',
  typeSettings: { showDefault: false },
  timeContext: { durationMs: TWO_DAYS_MS },
  queryType: 0,
  resourceType: WORKSPACE,
});

const parameters = {
  type: 9,
  content: {
    version: 'KqlParameterItem/1.0',
    parameters: [
      timeRange,
      choice('5d0c6d5b-0f3c-4d34-9b39-4f0f6a0b8a02', 'Vault', 'vaults'),
      choice('5d0c6d5b-0f3c-4d34-9b39-4f0f6a0b8a03', 'Owner', 'owners'),
      choice('5d0c6d5b-0f3c-4d34-9b39-4f0f6a0b8a04', 'Deployment', 'deployments'),
    ],
    style: 'pills',
    queryType: 0,
    resourceType: WORKSPACE,
  },
  name: 'parameters',
};

const tabs = {
  type: 11,
  content: {
    version: 'LinkItem/1.0',
    style: 'tabs',
    links: [...new Set(PANELS.map(({ tab }) => tab))].map((tab, index) => ({
      id: `5d0c6d5b-0f3c-4d34-9b39-4f0f6a0b8b0${index}`,
      cellValue: 'Tab',
      linkTarget: 'parameter',
      linkLabel: tab,
      subTarget: tabId(tab),
      style: 'link',
    })),
  },
  name: 'tabs',
};

const panel = ({ name, tab, title, visualization, time, chart, whenEmpty, emptyIsGood }: Panel) => ({
  type: 3,
  content: {
    version: 'KqlItem/1.0',
    query: workbookQuery(name),
    size: 0,
    title,
    ...(whenEmpty === undefined ? {} : { noDataMessage: whenEmpty }),
    ...(emptyIsGood ? { noDataMessageStyle: SUCCESS } : {}),
    ...(time === 'chosen'
      ? { timeContextFromParameter: 'TimeRange' }
      : { timeContext: { durationMs: TWO_DAYS_MS } }),
    queryType: 0,
    resourceType: WORKSPACE,
    visualization,
    ...(chart === undefined ? {} : { chartSettings: { ...chart, createOtherGroup: 20, showLegend: true } }),
    // The service shows 250 rows of a table unless it is reported otherwise.
    ...(visualization === 'table' ? { gridSettings: { rowLimit: 10_000, filter: true } } : {}),
  },
  conditionalVisibility: { parameterName: 'Tab', comparison: 'isEqualTo', value: tabId(tab) },
  name,
});

/**
 * infra/workbook/workbook.json: the panels above around the queries beside it. Deployed as
 * `serializedData`; it reads the workspace that is put in there as the fallback resource.
 */
export const workbookDocument = () => ({
  version: 'Notebook/1.0',
  items: [
    {
      type: 1,
      content: {
        json: '# Keywatch\nWhat is held, when it ends, who owns it, and whether anybody is looking.',
      },
      name: 'title',
    },
    parameters,
    tabs,
    ...PANELS.map(panel),
  ],
  fallbackResourceIds: [WORKSPACE_ID],
  $schema: 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json',
});

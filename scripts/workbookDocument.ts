import { DAY_MS, HOUR_MS } from '../src/lib/kernel/time.ts';
import { PANELS, type Panel, workbookQuery } from './workbookPanels.ts';

const WORKSPACE = 'microsoft.operationalinsights/workspaces';
/** Stands for the id of the workspace; infra/modules/workbook.bicep puts it in. */
const WORKSPACE_ID = '__WORKSPACE_ID__';
/** The service's number for a message in green. */
const SUCCESS = 3;

const tabId = (tab: string): string => tab.toLowerCase().replaceAll(' ', '-');

const timeRange = {
  id: '5d0c6d5b-0f3c-4d34-9b39-4f0f6a0b8a01',
  version: 'KqlParameterItem/1.0',
  name: 'TimeRange',
  label: 'Time of 401s, Callers and Scan health',
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
  timeContext: { durationMs: 2 * DAY_MS },
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

/** The service's names for the colours of the board. */
const COLOURS = { error: 'redBright', warning: 'orange', ok: 'green', none: 'gray' } as const;
/** The service's number for a cell whose colour goes by its value. */
const THRESHOLDS = 18;

/** Colour repeats the mark; what has none is left as it is. */
const colouredCells = ({ column, as }: NonNullable<Panel['coloured']>) => ({
  columnMatch: column,
  formatter: THRESHOLDS,
  formatOptions: {
    thresholdsOptions: 'colors',
    thresholdsGrid: [
      ...as.map(({ words, severity }) => ({
        operator: '==',
        thresholdValue: words,
        representation: COLOURS[severity],
        text: '{0}{1}',
      })),
      { operator: 'Default', thresholdValue: null, representation: null, text: '{0}{1}' },
    ],
  },
});

const chartSettings = ({ chart, coloured }: Panel) => ({
  ...chart,
  ...{ createOtherGroup: 20, showLegend: true },
  ...(coloured === undefined
    ? {}
    : {
        seriesLabelSettings: coloured.as.map(({ words, severity }) => ({
          seriesName: words,
          color: COLOURS[severity],
        })),
      }),
});

/** The service shows 250 rows of a table unless it is reported otherwise. */
const gridSettings = ({ coloured }: Panel) => ({
  ...(coloured === undefined ? {} : { formatters: [colouredCells(coloured)] }),
  ...{ rowLimit: 10_000, filter: true },
});

const panel = (shown: Panel) => {
  const { name, tab, title, visualization = 'table', time, chart, whenEmpty, emptyIsGood } = shown;
  return {
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
        : { timeContext: { durationMs: (time === '90 days' ? 90 : 2) * DAY_MS } }),
      queryType: 0,
      resourceType: WORKSPACE,
      visualization,
      ...(chart === undefined ? {} : { chartSettings: chartSettings(shown) }),
      ...(visualization === 'table' ? { gridSettings: gridSettings(shown) } : {}),
    },
    conditionalVisibility: { parameterName: 'Tab', comparison: 'isEqualTo', value: tabId(tab) },
    name,
  };
};

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

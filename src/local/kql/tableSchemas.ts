import tables from '../../../infra/alerts/tables.json' with { type: 'json' };

/** Column names and KQL types of each table, in the order of the official list. */
export type TableSchemas = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * The workspace tables that the alerts and the workbook may read.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables
 */
export const workspaceTables: TableSchemas = tables.tables;

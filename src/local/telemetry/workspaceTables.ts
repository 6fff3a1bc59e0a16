import type { TableSchemas } from 'kql-on-duckdb/tableSchemas';
import tables from './workspaceTables.json' with { type: 'json' };

/**
 * The workspace tables that the alerts and the workbook may read, with the columns of the official list.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables
 */
export const workspaceTables: TableSchemas = tables.tables;

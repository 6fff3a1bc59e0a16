import type { TableSchemas } from '../src/tableSchemas.ts';

const item = { TimeGenerated: 'datetime', Name: 'string', Type: 'string', OperationId: 'string' };

/** Tables for the tests: a column of every type that the translation knows. */
export const sampleTables: TableSchemas = {
  Events: { ...item, ItemCount: 'int', Role: 'string', UserId: 'string', Properties: 'dynamic' },
  Traces: { ...item, Message: 'string' },
  Requests: { ...item, ResultCode: 'string', DurationMs: 'real', Success: 'bool' },
  Metrics: { ...item, Max: 'real' },
};

/** KQL types of the columns of each table, by name and in their order: `{ Events: { Name: 'string' } }`. */
export type TableSchemas = Readonly<Record<string, Readonly<Record<string, string>>>>;

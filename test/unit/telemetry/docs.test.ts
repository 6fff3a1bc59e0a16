import { kqlLanguage } from 'kql-on-duckdb/language';
import { describe, expect, it } from 'vitest';
import { telemetryDocument } from '../../../scripts/telemetryDocument.ts';
import { catalog } from '../../../src/lib/telemetry/catalog.ts';
import { workspaceTables } from '../../../src/local/telemetry/workspaceTables.ts';
import { lintQuery } from '../../infra/queryLint/lint.ts';

describe('docs/telemetry.md', () => {
  it('names every event, metric and attribute', () => {
    const text = telemetryDocument();
    for (const [name, { attributes }] of Object.entries({ ...catalog.events, ...catalog.metrics })) {
      expect(text).toContain(`### ${name}`);
      for (const attribute of Object.keys(attributes)) expect(text).toContain(`\`${attribute}\``);
    }
  });

  it('shows queries that bind to the workspace tables and keep our own rules', () => {
    const bind = kqlLanguage(workspaceTables);
    const queries = [...telemetryDocument().matchAll(/```kusto\n([\s\S]*?)```/g)].map(
      ([, query = '']) => query,
    );
    expect(queries.length).toBe(Object.keys(catalog.events).length + Object.keys(catalog.metrics).length + 2);
    const faults = queries.flatMap((query) => {
      const bound = bind(query);
      const ours = /^App(Events|Metrics)/.test(query) ? lintQuery(bound) : [];
      return [...bound.diagnostics, ...ours].map(({ message }) => `${message} in ${query.slice(0, 90)}`);
    });
    expect(faults).toEqual([]);
  });
});

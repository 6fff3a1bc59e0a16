import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Row, TableRow } from 'kql-on-duckdb';
import { translate } from 'kql-on-duckdb/translate';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type AlertRule, alertQuery, alertRules } from '../../src/lib/alerts/alertRules.ts';
import { POISON_QUEUES } from '../../src/lib/azure/queues.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { translatedQuery } from '../../src/local/telemetry/translatedQueries.ts';
import { CROWDS } from './allScenarios.ts';
import { run } from './crowd.ts';
import { lintAlert } from './queryLint/lint.ts';
import { lintReadable } from './queryLint/lintReadable.ts';
import { durationMinutes, ruleFaults } from './ruleFaults.ts';
import { NOW } from './scenario.ts';

const ROOT = join(import.meta.dirname, '../..');
const store = await telemetryStore();
afterEach(() => store.clear());
afterAll(() => store.close());

/** The query of a rule as prod deploys it. */
const ownQuery = (name: string) =>
  alertQuery(name).replace('let OwnDeployment = "";', 'let OwnDeployment = "prod";');

/** Rows as those of a deployment, which in Azure is the name of its role, too. */
const asOf = (deployment: string, rows: readonly TableRow[]): TableRow[] =>
  rows.map(({ table, values }) => {
    const own = { AppRoleName: deployment, Properties: { ...Object(values['Properties']), deployment } };
    return { table, values: { ...values, ...(table.startsWith('App') ? own : {}) } };
  });
const deploymentsOf = (rows: readonly Row[]) =>
  [...new Set(rows.map((row) => row['AppRoleName'] ?? row['Deployment']))].sort();

describe.each(alertRules.map((rule) => [rule.name, rule] as const))('alert rule %s', (name, rule) => {
  const query = store.bind(ownQuery(name));

  it('has a query that binds to the real tables', () => {
    expect(query.diagnostics).toEqual([]);
  });

  it('has a query that the lint accepts', () => {
    expect(lintAlert(query)).toEqual([]);
  });

  it('is one that the alert service takes, with dimensions among its result columns', () => {
    expect(ruleFaults(rule, query.columns)).toEqual([]);
  });

  it('stamps its rows with the time of the evaluation', () => {
    expect(query.columns[0]).toEqual({ name: 'TimeGenerated', type: 'datetime' });
    expect(query.text).toMatch(/project\s+TimeGenerated = now\(\)/);
  });

  it('says in its description what is and what to do, within the sizes of the service', () => {
    expect(rule.description).toMatch(/^[A-Z].+\. [A-Z].+\.$/);
    expect(rule.description.length).toBeLessThan(4096 - 300);
    expect(JSON.stringify({ rule, query: query.text }).length).toBeLessThan(64 * 1024);
  });

  it('has its dimensions in the order of the alphabet, in which the service may count them, the deployment among them', () => {
    expect(rule.dimensions).toEqual(rule.dimensions.toSorted());
    expect(rule.dimensions).toContain(name === 'requests-401-spike' ? 'AppRoleName' : 'Deployment');
  });

  it('names in the subject of its mails what it is about', () => {
    const holes = [...rule.emailSubject.matchAll(/\$\{([^}]+)\}/g)].map(([, hole]) => hole ?? '');
    const named = holes.map((hole) => {
      const place = /^data\.alertContext\.condition\.allOf\[0\]\.dimensions\[(\d)\]\.value$/.exec(hole)?.[1];
      return rule.dimensions[Number(place)];
    });
    expect(rule.emailSubject).toMatch(/^Keywatch: /);
    expect(named.length).toBeGreaterThan(0);
    expect(named).not.toContain(undefined);
    const subject = ['CredentialId', 'Vault', 'Queue', 'Host', 'OperationName', 'Owner', 'HttpStatus'];
    expect(named).toContain(subject.find((dimension) => rule.dimensions.includes(dimension)));
  });

  it('is written to be read: short lines, one column in each, every number with a name', () => {
    expect(lintReadable(query)).toEqual([]);
  });

  it('is kept in SQL as it is translated today (npm run docs)', () => {
    const { sql, columns } = translate(query);
    const common = { sql: sql.replaceAll("('prod')", "('')"), columns };
    expect(common).toEqual(translatedQuery(alertQuery(name)));
  });

  // To plan the digest takes seconds.
  const tags = name === 'digest' ? ['exhaustive'] : [];
  // Everybody's calls are watched, whoever deployed the rule.
  const isOfCalls = rule.dimensions.includes('AppRoleName');
  const whose = isOfCalls
    ? 'the calls of dev beside those of prod'
    : 'what is of prod, whatever happens in dev';
  it(`reports as the rule of prod ${whose}`, { tags }, async () => {
    const happened = new Map(CROWDS).get(name)?.(0) ?? [];
    await store.insertRows(asOf('prod', happened));
    const { rows: own } = await store.query(query.text, NOW);
    expect(deploymentsOf(own)).toEqual(['prod']);
    await store.insertRows(asOf('dev', happened));
    const { rows } = await store.query(query.text, NOW);
    if (isOfCalls) expect(deploymentsOf(rows)).toEqual(['dev', 'prod']);
    else expect(rows).toEqual(own);
  });
});

const isScenarios = (file: string): boolean => /^scenarios\w*\.ts$/.test(file);

/** Of the settings that a rule.json has; a test of the schema would say no more. */
const KINDS = {
  ...{ name: 'string', displayName: 'string', description: 'string', emailSubject: 'string' },
  ...{
    alertPer: 'string',
    digest: 'object',
    severity: 'number',
    enabled: 'boolean',
    heads: 'object',
    tails: 'object',
  },
  ...{ evaluationFrequency: 'string', windowSize: 'string', dimensions: 'object' },
  ...{ autoMitigate: 'boolean', runbook: 'string' },
};

describe('the folders of alert rules', () => {
  it('has a folder for every rule, with the same files and the same settings in each', () => {
    expect(alertRules.length).toBeGreaterThan(10);
    for (const { name } of alertRules) {
      const files = readdirSync(join(ROOT, 'infra/alerts', name)).filter((file) => !isScenarios(file));
      // What comes before the query of this rule, and perhaps of others.
      const condition = alertRules.some(({ heads }) => heads.includes(name)) ? ['condition.kql'] : [];
      expect([name, files.sort()]).toEqual([name, [...condition, 'query.kql', 'rule.json', 'runbook.md']]);
    }
    const kinds = ({ overrideQueryTimeRange, ...settings }: AlertRule) => {
      expect(overrideQueryTimeRange === null || typeof overrideQueryTimeRange === 'string').toBe(true);
      return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, typeof value]));
    };
    for (const rule of alertRules) expect([rule.name, kinds(rule)]).toEqual([rule.name, KINDS]);
  });

  it('put together what is in infra/kql, all of it', () => {
    const shared = (folder: string, named: readonly string[]) => {
      const entries = readdirSync(join(ROOT, 'infra', folder)).filter((file) => file.endsWith('.kql'));
      const rules = alertRules.map(({ name }) => name);
      expect(entries.sort()).toEqual(
        [...new Set(named)]
          .filter((name) => !rules.includes(name))
          .map((name) => `${name}.kql`)
          .sort(),
      );
    };
    shared(
      'kql',
      alertRules.flatMap(({ heads }) => heads),
    );
    shared(
      'kql/tails',
      alertRules.flatMap(({ tails }) => tails),
    );
  });
});

it('what is evaluated more seldom than every 15 minutes reports no health, so only what is daily is', () => {
  const seldom = alertRules.filter(({ evaluationFrequency: every }) => durationMinutes(every) > 15);
  expect(seldom.map(({ name }) => name)).toEqual(['digest']);
});

const valid = alertRules.find((rule) => rule.name === 'scan-missed') as AlertRule;
const { columns } = store.bind(ownQuery('scan-missed'));

/** One change to a rule that stands, and what the service would object to. */
const REFUSED: readonly (readonly [Partial<AlertRule>, string])[] = [
  [{ dimensions: ['Scaner'] }, 'is no result column'],
  [{ dimensions: ['LastSeen'] }, 'not text or a number'],
  [{ dimensions: Array.from({ length: 7 }, () => 'Job') }, 'more than 6 dimensions'],
  [{ evaluationFrequency: 'PT7M' }, 'not offered'],
  [{ evaluationFrequency: 'PT2H' }, 'events would be missed'],
  [{ windowSize: 'P3D' }, 'not offered'],
  [{ overrideQueryTimeRange: 'PT5M' }, 'shorter than the window'],
  [{ overrideQueryTimeRange: 'P7D' }, 'not offered'],
  [{ evaluationFrequency: 'P1D', windowSize: 'P1D' }, 'autoMitigate is not supported'],
  [{ severity: 5 }, 'severity'],
];

describe('the rules of the alert service', () => {
  it.each(REFUSED)('refuse %j (%s)', (change, fault) => {
    expect(ruleFaults({ ...valid, ...change }, columns).join('; ')).toContain(fault);
  });
});

it('the rule for work given up on knows every queue of the app', () => {
  for (const queue of POISON_QUEUES) expect(alertQuery('poison-queue')).toContain(`"${queue}"`);
});

it('scan-missed does not forget its own deployment, of which nobody has heard for two days', async () => {
  const jobs = ['keyvault-scan', 'token-refresh', 'credential-proof'];
  await store.insertRows(
    asOf(
      'dev',
      jobs.flatMap((job) => run(1, 5, { job })),
    ),
  );
  expect((await store.query(alertQuery('scan-missed'), NOW)).rows).toEqual([]);
  const { rows } = await store.query(ownQuery('scan-missed'), NOW);
  expect(rows.map(({ Deployment, Job }) => `${Deployment}: ${Job}`).sort()).toEqual(
    jobs.map((job) => `prod: ${job}`).sort(),
  );
});

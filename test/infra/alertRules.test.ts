import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kqlLanguage } from 'kql-on-duckdb/language';
import { describe, expect, it } from 'vitest';
import { type AlertRule, alertQuery, alertRules } from '../../src/lib/alerts/alertRules.ts';
import { POISON_QUEUES } from '../../src/lib/azure/queues.ts';
import { workspaceTables } from '../../src/local/telemetry/workspaceTables.ts';
import { lintAlert, lintQuery } from './queryLint/lint.ts';
import { lintReadable } from './queryLint/lintReadable.ts';
import { durationMinutes, ruleFaults } from './ruleFaults.ts';

const ROOT = join(import.meta.dirname, '../..');
const bind = kqlLanguage(workspaceTables);
const runbookHeadings = ['## Meaning', '## How sure', '## First three steps', '## Fixed when'];

describe.each(alertRules.map((rule) => [rule.name, rule] as const))('alert rule %s', (name, rule) => {
  const query = bind(alertQuery(name));

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

  it('has a runbook with meaning, certainty, steps and end', () => {
    expect(query.text).toContain(`// Runbook: ${rule.runbook}\n`);
    const text = readFileSync(join(ROOT, rule.runbook), 'utf8');
    expect(runbookHeadings.filter((heading) => !text.includes(heading))).toEqual([]);
    expect(text.startsWith(`# ${rule.displayName}\n`)).toBe(true);
  });
});

it('the runbook of the digest leads to that of each rule that it repeats', () => {
  const text = readFileSync(join(ROOT, 'infra/alerts/digest/runbook.md'), 'utf8');
  const repeated = alertRules.filter(({ name, digest }) => name !== 'digest' && digest.length > 0);
  const missing = repeated.filter(({ name }) => !text.includes(`](../${name}/runbook.md)`));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

/** KQL that a runbook tells people to run: fenced blocks, and inline code that starts with a table. */
const queriesIn = (markdown: string): string[] => [
  ...[...markdown.matchAll(/```kusto\n([\s\S]*?)```/g)].map((match) => match[1] ?? ''),
  ...[...markdown.matchAll(/`((?:App|AZKV|Function)\w+ \|[^`]+)`/g)].map((match) => match[1] ?? ''),
];

describe('the queries of the runbooks', () => {
  const all = alertRules.flatMap(({ runbook }) => queriesIn(readFileSync(join(ROOT, runbook), 'utf8')));

  it('bind to the real tables and pass the lint', () => {
    expect(all.length).toBeGreaterThanOrEqual(8);
    for (const kql of all) {
      const query = bind(kql);
      expect([kql, query.diagnostics]).toEqual([kql, []]);
      expect([kql, lintQuery(query).filter(({ rule }) => rule !== 'property')]).toEqual([kql, []]);
    }
  });
});

/** Words in capitals of the commands that a runbook tells people to run; what stands in quotes is meant as it is. */
const placeholdersIn = (markdown: string): string[] =>
  [...markdown.matchAll(/`((?:az|npm run|…) [^`]*)`/g)].flatMap(
    ([, command = '']) => command.match(/(?<![\w"'-])[A-Z][A-Z_]+\b/g) ?? [],
  );

describe('what stands for a name in the commands of the runbooks', () => {
  const names = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8').split(
    '### Names that the runbooks use',
  )[1];
  const explained = [...(names ?? '').matchAll(/^\| (`[^|]*) \|/gm)].flatMap(
    ([, cell = '']) => cell.match(/[A-Z_]+/g) ?? [],
  );

  it.each(alertRules.map(({ runbook }) => runbook))(
    '%s: is explained on one page, which it links to',
    (path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      expect(text).toContain('](../../../docs/deploy.md#names-that-the-runbooks-use)');
      expect(placeholdersIn(text).filter((word) => !explained.includes(word))).toEqual([]);
    },
  );

  it('is looked for where it stands', () => {
    expect(explained).toEqual(expect.arrayContaining(['GROUP', 'APP', 'VAULT', 'NAME', 'ID', 'COMPONENT']));
    const words = alertRules.flatMap(({ runbook }) =>
      placeholdersIn(readFileSync(join(ROOT, runbook), 'utf8')),
    );
    expect(words.length).toBeGreaterThan(40);
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
const columns = bind(alertQuery('scan-missed')).columns;

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

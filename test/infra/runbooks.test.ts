import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kqlLanguage } from 'kql-on-duckdb/language';
import { describe, expect, it } from 'vitest';
import { alertQuery, alertRules } from '../../src/lib/alerts/alertRules.ts';
import { workspaceTables } from '../../src/local/telemetry/workspaceTables.ts';
import { lintQuery } from './queryLint/lint.ts';

const ROOT = join(import.meta.dirname, '../..');
const bind = kqlLanguage(workspaceTables);
const runbookHeadings = ['## Meaning', '## How sure', '## First three steps', '## Fixed when'];

describe.each(alertRules)('alert rule $name', ({ name, displayName, runbook }) => {
  it('has a runbook with meaning, certainty, steps and end', () => {
    expect(alertQuery(name)).toContain(`// Runbook: ${runbook}\n`);
    const text = readFileSync(join(ROOT, runbook), 'utf8');
    expect(runbookHeadings.filter((heading) => !text.includes(heading))).toEqual([]);
    expect(text.startsWith(`# ${displayName}\n`)).toBe(true);
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

describe('what on-call can do with a runbook', () => {
  const runbooks = alertRules.map(({ runbook }) => readFileSync(join(ROOT, runbook), 'utf8'));

  /** What reads, by how its command begins, and the role that lets it. */
  const READERS: readonly (readonly [RegExp, string])[] = [
    [/^keyvault (secret|key|certificate) list/, 'Key Vault Reader'],
    [/^(storage account|role assignment|monitor app-insights|keyvault network-rule) /, 'Reader'],
    [/^keyvault show/, 'Reader'],
    [/^functionapp /, 'Website Contributor'],
    [/^monitor log-analytics /, 'Log Analytics Reader'],
    [/^storage message /, 'Storage Queue Data Contributor'],
    // Whoever is a member of the tenant may.
    [/^ad app credential list/, ''],
  ];

  it('is allowed by the roles that the guide wants them to have', () => {
    const guide = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
    const [needed = ''] = /^On-call needs.+$/m.exec(guide) ?? [];
    const [byHand = ''] = /^Your own login needs what the refresher has.+$/m.exec(guide) ?? [];
    expect(needed).toContain('(#refresh-by-hand)');
    const commands = runbooks.flatMap((text) =>
      [...text.matchAll(/\baz ((?:[a-z][a-z-]* )+(?:list|show|peek)(?:-[a-z]+)?) /g)].map(
        ([, command = '']) => command,
      ),
    );
    expect(commands.length).toBeGreaterThan(15);
    for (const command of commands) {
      const role = READERS.find(([begins]) => begins.test(command))?.[1];
      expect([command, role]).not.toEqual([command, undefined]);
      expect([command, needed + byHand]).toEqual([command, expect.stringContaining(role ?? '')]);
    }
  });

  it.each(['scan-missed', 'telemetry-delivery-failing'])(
    'leads from %s to the daily cap that the deployment sets',
    (name) => {
      const [, property = ''] =
        /(\w+): \{\n\s+dailyQuotaGb/.exec(
          readFileSync(join(ROOT, 'infra/modules/monitoring.bicep'), 'utf8'),
        ) ?? [];
      expect(property).not.toBe('');
      expect(readFileSync(join(ROOT, `infra/alerts/${name}/runbook.md`), 'utf8')).toContain(
        `az monitor log-analytics workspace show --ids WORKSPACE --query ${property}\``,
      );
    },
  );
});

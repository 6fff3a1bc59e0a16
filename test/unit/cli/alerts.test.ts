import { describe, expect, it } from 'vitest';
import { alertsCommand, printAlerts } from '../../../src/cli/alerts.ts';
import { widthOf } from '../../../src/cli/report/widthOf.ts';
import { alertRules } from '../../../src/lib/alerts/alertRules.ts';
import { alertWords } from '../../../src/lib/alerts/alertWords.ts';
import { evaluateAlertsOver } from '../../../src/lib/alerts/evaluateAlerts.ts';
import type { LogsAnswer, LogsFailure } from '../../../src/lib/azure/ports.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
/** Those that are on without a parameter of the deployment. */
const enabledRules = alertRules.filter(({ enabled }) => enabled);
const quiet: LogsAnswer = { ok: true, columns: [], rows: [] };
const url = `https://keywatch.example.com/reconnect/${'x'.repeat(90)}`;
const dead: LogsAnswer = {
  ok: true,
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'LastSeen', type: 'datetime' },
    { name: 'RunbookUrl', type: 'string' },
    { name: 'CredentialId', type: 'string' },
    { name: 'ReconnectUrl', type: 'string' },
  ],
  rows: [
    {
      TimeGenerated: NOW,
      LastSeen: NOW,
      RunbookUrl: '',
      CredentialId: 'grant/\u001b[2Jcrm',
      ReconnectUrl: url,
    },
  ],
};
const failure: LogsFailure = {
  ...{ ok: false, code: 'invalid_query', retryable: false },
  ...{ message: 'no table', action: 'Look.', concernsAll: false },
};

/** Prints the rules over answers by rule; the others are quiet. */
const run = async (answers: Readonly<Record<string, LogsAnswer>>, asJson = false, width?: number) => {
  const terminal = { ...recordingTerminal(), width };
  const asked: string[] = [];
  const spans: string[] = [];
  const answerOf = async (_kql: string, span: string) => {
    spans.push(span);
    return answers[asked.at(-1) ?? ''] ?? quiet;
  };
  const evaluations = await evaluateAlertsOver({ run: answerOf }, ({ name }) => void asked.push(name));
  const exitCode = printAlerts(evaluations, { asJson, source: 'local', nowEpochMs: NOW }, terminal);
  return { exitCode, text: terminal.printed.join('\n'), spans };
};

describe('the list of alert rules', () => {
  it('names every rule when none fires, and ends with 0', async () => {
    const { exitCode, text } = await run({});
    expect(exitCode).toBe(0);
    for (const { name } of enabledRules) expect(text).toContain(`(${name})`);
    for (const { name, displayName } of alertRules.filter(({ enabled }) => !enabled))
      expect(text).toContain(`- off: ${displayName} (${name}), not asked`);
    expect(alertRules.every(({ name }) => text.includes(`(${name})`))).toBe(true);
    expect(text).toContain(`0 alerts would fire, of 0 rules; ${enabledRules.length} rules quiet, 0 unknown.`);
  });

  it('asks each rule over the time span that it is deployed with', async () => {
    const { spans } = await run({});
    expect(spans).toEqual(
      enabledRules.map(({ overrideQueryTimeRange, windowSize }) => overrideQueryTimeRange ?? windowSize),
    );
  });

  it('shows what fires with its rows, what to do and the runbook, and ends with 1', async () => {
    const { exitCode, text } = await run({ 'grant-dead': dead });
    expect(exitCode).toBe(1);
    expect(text).toContain('1 error  Grant dead: a person has to consent again (grant-dead): 1 alert');
    expect(text).toContain(`What to do: ${alertWords('grant-dead').action}`);
    expect(text).toContain('Runbook: infra/alerts/grant-dead/runbook.md');
    expect(text).toContain(url);
    expect(text).toContain('2026-11-22T12:00:00Z');
    for (const absent of ['RunbookUrl', 'TimeGenerated', '\u001b']) expect(text).not.toContain(absent);
  });

  it('goes on after a rule that cannot be evaluated, says which, and ends with 2', async () => {
    const { exitCode, text } = await run({ 'scan-missed': failure, 'grant-dead': dead });
    expect(exitCode).toBe(2);
    expect(text).toContain('? unknown: scan-missed\n  no table. Look.');
    expect(text).toContain('1 alert would fire, of 1 rule;');
  });

  it('asks no further when no rule would fare better, and says it once', async () => {
    const hopeless = { ...failure, concernsAll: true };
    const { exitCode, text, spans } = await run({ [enabledRules[0]?.name ?? '']: hopeless });
    expect([exitCode, spans.length]).toEqual([2, 1]);
    expect(text.match(/no table/g)).toHaveLength(1);
    expect(text).toContain(
      `Whether an alert would fire is not known: none of ${enabledRules.length} rules could be evaluated.`,
    );
  });

  it('says when rows are missing, and still that it fires', async () => {
    const { exitCode, text } = await run({
      'grant-dead': { ...dead, incomplete: 'Rows are missing: too many' },
    });
    expect(exitCode).toBe(1);
    expect(text).toContain('▲ Rows are missing: too many');
  });

  it('shows 25 rows of a rule and counts the others', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => ({ Vault: `kv-${index}` }));
    const { text } = await run({
      'scan-missed': { ok: true, columns: [{ name: 'Vault', type: 'string' }], rows },
    });
    expect(text).toContain('… and 5 rows more');
    expect(text.match(/kv-\d+/g)).toHaveLength(25);
  });

  describe('on a terminal', () => {
    const columns = ['CredentialId', 'Vault', 'Owner', 'Band', 'RunbookUrl', 'Kind', 'DaysLeft'];
    const expiring: LogsAnswer = {
      ok: true,
      columns: columns.map((name) => ({ name, type: name === 'DaysLeft' ? 'long' : 'string' })),
      rows: ['n'.repeat(127), 'one'].map((name) => ({
        ...{ CredentialId: `kv-contoso-legacy/secret/${name}`, Vault: 'kv-contoso-legacy', Kind: 'secret' },
        ...{ Owner: 'security-engineering@contoso.example', Band: 'critical', RunbookUrl: url, DaysLeft: 3 },
      })),
    };
    const linesAt = async (width: number | undefined, answer = expiring) => {
      const { text } = await run({ 'credential-critical': answer }, false, width);
      return text.split('\n');
    };
    const tableAt = async (width?: number, answer = expiring) =>
      (await linesAt(width, answer)).filter((line) => line.startsWith('    '));

    it.each([60, 80, 120, 160, 200])('of %i columns fits each table into it', async (width) => {
      const [heading = '', ...rows] = await tableAt(width);
      for (const line of [heading, ...rows.slice(0, 2)]) expect(widthOf(line)).toBeLessThanOrEqual(width);
      expect(heading).toContain('CredentialId');
      expect(rows[1]).toMatch(/^ {4}kv-contoso-legacy\/secret\/one\b/);
      expect(rows.join('\n')).not.toMatch(/https:\S*…/);
    });

    it('says in no line more than fits, and as much as elsewhere', async () => {
      const narrow = await linesAt(80);
      expect(narrow.filter((line) => widthOf(line) > 80)).toEqual([]);
      const words = (lines: readonly string[]) => lines.join(' ').replaceAll(/\s+/g, ' ');
      for (const said of Object.values(alertWords('credential-critical')))
        expect(words(narrow)).toContain(said);
      expect(narrow.join(' ')).toContain('… without');
    });

    it('keeps what the words of the rule speak of before anything else', async () => {
      expect(alertWords('credential-critical').action).toContain('EndsAt');
      const [row] = expiring.rows;
      const columns = [...expiring.columns, { name: 'EndsAt', type: 'datetime' }];
      const [heading = ''] = await tableAt(100, { ...expiring, columns, rows: [{ ...row, EndsAt: NOW }] });
      expect(heading.trim().split(/ +/)).toEqual(['CredentialId', 'Owner', 'EndsAt']);
    });

    it('leaves out links and what the id says before the owner', async () => {
      const [heading = ''] = await tableAt(80);
      expect(heading.trim().split(/ +/)).toEqual(['CredentialId', 'Owner', 'Band']);
    });

    it('is the only place where something is cut', async () => {
      const lines = await tableAt();
      expect(lines[0]?.trim().split(/ +/)).toEqual(columns);
      expect(lines[1]).toContain('n'.repeat(127));
      expect(lines).toHaveLength(3);
    });
  });

  it('gives machines everything as JSON, with nothing that a terminal obeys', async () => {
    const { text } = await run({ 'grant-dead': dead, digest: failure }, true);
    expect(text).not.toContain('\u001b');
    const { source, evaluatedAt, rules } = JSON.parse(text);
    expect([source, evaluatedAt, rules.length]).toEqual([
      'local',
      '2026-11-22T12:00:00Z',
      enabledRules.length,
    ]);
    expect(rules.find(({ name }: { name: string }) => name === 'grant-dead')).toMatchObject({
      ...alertWords('grant-dead'),
      fires: true,
      runbook: 'infra/alerts/grant-dead/runbook.md',
      rows: [{ LastSeen: '2026-11-22T12:00:00Z', ReconnectUrl: url }],
    });
    expect(rules.find(({ name }: { name: string }) => name === 'digest')).toMatchObject({
      fires: null,
      failure: { reason: 'invalid_query', message: 'no table', action: 'Look.' },
    });
  });
});

it('every rule says what it means and what to do, in its own query', () => {
  const words = alertRules.map(({ name }) => alertWords(name));
  expect(words.filter(({ meaning, action }) => meaning.length < 20 || action.length < 20)).toEqual([]);
});

describe('keywatch alerts', () => {
  it.each([
    [['--workspace', 'my-workspace'], /takes the ID of the workspace, a GUID/],
    [['--workspace', '11111111-2222-4333-8444-555555555555', '--days', '3'], /leave out --workspace/],
    [['--days', '-1'], /--days/],
    [['--workspce', 'x'], /did you mean --workspace/],
  ])('refuses %j in words', async (args, words) => {
    await expect(alertsCommand(args)).rejects.toThrow(words);
  });
});

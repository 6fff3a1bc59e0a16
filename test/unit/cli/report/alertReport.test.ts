import { expect, it } from 'vitest';
import { alertReport, describeAlert } from '../../../../src/cli/report/alertReport.ts';
import { plain } from '../../../../src/cli/report/style.ts';
import { widthOf } from '../../../../src/cli/report/widthOf.ts';
import { alertRules } from '../../../../src/lib/alerts/alertRules.ts';
import type { AlertEvaluation, Dimensions } from '../../../../src/lib/alerts/evaluateAlerts.ts';

const [first, second] = [...alertRules].sort((one, other) => other.severity - one.severity);
if (first === undefined || second === undefined) throw new Error('there are rules');

const evaluation = (rule: AlertEvaluation['rule'], alerts: Dimensions[]): AlertEvaluation => ({
  rule,
  alerts,
  fires: alerts.length > 0,
  columns: [],
  rows: [],
});

it('says in words that nothing fires', () => {
  expect(alertReport([evaluation(first, [])], plain)).toEqual(['No alert would fire (1 rule looked at).']);
});

it('counts what it does not show, and shows no value twice and none raw', () => {
  const alerts = Array.from({ length: 12 }, (_, index) => ({
    CredentialId: `kv/secret/\u001b[31m${index}`,
    Vault: 'kv',
    Owner: 'ada',
  }));
  const [summary, ...table] = alertReport([evaluation(first, alerts), evaluation(second, [])], plain);
  expect(summary).toBe('12 alerts would fire, of 1 rule; 1 rule quiet:');
  expect(table).toHaveLength(10);
  expect(table.at(-2)).toContain('… and 5 more');
  expect(table.at(-1)).toContain('npm run alerts');
  expect(table[1]).toContain(' · ada');
  expect(table.join()).not.toContain('· kv ·');
  expect(table.join()).not.toContain('\u001b');
});

it('fits its table into a terminal, and keeps all of it in a file', () => {
  const alerts = [{ CredentialId: `kv/secret/${'n'.repeat(60)}`, Owner: 'ada', EndsAt: '2026-11-20' }];
  const narrow = alertReport([evaluation(first, alerts)], plain, 80).slice(1);
  expect(Math.max(...narrow.map(widthOf))).toBe(80);
  expect(narrow[1]).toMatch(/kv\/secret\/n+…$/);
  expect(alertReport([evaluation(first, alerts)], plain).at(-1)).toMatch(/n{60} · ada · 2026-11-20$/);
});

it('cuts what is long, but no link', () => {
  const [long, reconnect] = [
    'n'.repeat(80),
    `https://keywatch.example/api/grants/${'n'.repeat(64)}/reconnect`,
  ];
  expect(describeAlert({ CredentialId: long, ReconnectUrl: reconnect })).toBe(
    `${'n'.repeat(71)}… · ${reconnect}`,
  );
});

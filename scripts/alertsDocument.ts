import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AlertRule, alertRules } from '../src/lib/alerts/alertRules.ts';
import { markdownTable } from './markdownTable.ts';

const PAGE = join(import.meta.dirname, '../docs/alerts.md');
const TABLE = /(<!-- rules: npm run docs -->\n)[\s\S]*?(<!-- end of rules -->\n)/;

const everyOf = (iso: string): string => {
  if (iso === 'P1D') return 'daily';
  const minutes = /^PT(\d+)M$/.exec(iso)?.[1];
  if (minutes === undefined) throw new Error(`no words for a rule that is evaluated every ${iso}`);
  return `every ${minutes} min`;
};

const DIGESTS = { owner: 'its owner', keywatch: 'Keywatch itself', none: '-' } as const;

const row = (rule: AlertRule): string[] => [
  `[\`${rule.name}\`](../${rule.runbook})`,
  String(rule.severity),
  everyOf(rule.evaluationFrequency),
  rule.alertPer,
  rule.autoMitigate ? 'yes' : 'no',
  DIGESTS[rule.digest],
];

/** docs/alerts.md with the table of the rules as they are; the rest of the page is written by hand. */
export const alertsDocument = (): string => {
  const head = [
    'Rule',
    'Severity',
    'Evaluated',
    'One alert per',
    'Resolves by itself',
    'Repeated in the digest of',
  ];
  const page = readFileSync(PAGE, 'utf8');
  if (!TABLE.test(page)) throw new Error('docs/alerts.md does not mark where its table of rules is');
  return page.replace(
    TABLE,
    (_all, start, end) => `${start}${markdownTable(head, alertRules.map(row))}\n${end}`,
  );
};

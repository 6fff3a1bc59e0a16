import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AlertRule, alertRules } from '../src/lib/alerts/alertRules.ts';
import { markdownTable } from './markdownTable.ts';
import { queryFunctions } from './queryFunctions.ts';

const PAGE = join(import.meta.dirname, '../docs/alerts.md');
const placeOf = (what: string) =>
  new RegExp(`(<!-- ${what}: npm run docs -->\\n)[\\s\\S]*?(<!-- end of ${what} -->\\n)`);

const everyOf = (iso: string): string => {
  if (iso === 'P1D') return 'daily';
  const minutes = /^PT(\d+)M$/.exec(iso)?.[1];
  if (minutes === undefined) throw new Error(`no words for a rule that is evaluated every ${iso}`);
  return `every ${minutes} min`;
};

const DIGESTS = { owner: 'its owner', keywatch: 'Keywatch itself' } as const;

const digestOf = ({ name, digest: [repeated] }: AlertRule): string =>
  repeated === undefined || name === 'digest' ? '-' : DIGESTS[repeated.of];

const row = (rule: AlertRule): string[] => [
  `[\`${rule.name}\`](../${rule.runbook})`,
  String(rule.severity),
  everyOf(rule.evaluationFrequency),
  rule.alertPer,
  rule.autoMitigate ? 'yes' : 'no',
  digestOf(rule),
];

const filled = (page: string, what: string, table: string): string => {
  const place = placeOf(what);
  if (!place.test(page)) throw new Error(`docs/alerts.md does not mark where its table of ${what} is`);
  return page.replace(place, (_all, start, end) => `${start}${table}\n${end}`);
};

/** docs/alerts.md with the tables of the rules and functions as they are; the rest of the page is written by hand. */
export const alertsDocument = (): string => {
  const head = [
    'Rule',
    'Severity',
    'Evaluated',
    'One alert per',
    'Resolves by itself',
    'Repeated in the digest of',
  ];
  const functions = queryFunctions.map(({ name, meaning }) => [`\`${name}(since)\``, meaning]);
  const page = filled(readFileSync(PAGE, 'utf8'), 'rules', markdownTable(head, alertRules.map(row)));
  return filled(page, 'functions', markdownTable(['Function', 'A row for'], functions));
};

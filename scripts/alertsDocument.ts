import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AlertRule, alertRules } from '../src/lib/alerts/alertRules.ts';
import { markdownTable } from './markdownTable.ts';
import { queryFunctions } from './queryFunctions.ts';

const textOf = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const placeOf = (what: string) =>
  new RegExp(`(<!-- ${what}: npm run docs -->\\n)[\\s\\S]*?( *<!-- end of ${what} -->\\n)`);

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

const filled = (page: string, what: string, text: string): string => {
  const place = placeOf(what);
  if (!place.test(page)) throw new Error(`no place for ${what} is marked in: ${page.split('\n', 1)}`);
  return page.replace(place, (_all, start, end) => `${start}${text}\n${end}`);
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
  const page = filled(textOf('docs/alerts.md'), 'rules', markdownTable(head, alertRules.map(row)));
  return filled(page, 'functions', markdownTable(['Function', 'A row for'], functions));
};

/** By what the digest calls it, the runbook of each rule that it repeats of somebody. */
const runbooksOf = (whose: keyof typeof DIGESTS): string =>
  alertRules
    .filter((rule) => digestOf(rule) === DIGESTS[whose])
    .flatMap(({ name, digest }) => digest.map(({ counts }) => `[${counts}](../${name}/runbook.md)`))
    .join(', ');

/** The runbook of the digest, with those of what it repeats. */
export const digestRunbook = (): string =>
  filled(
    textOf('infra/alerts/digest/runbook.md'),
    'runbooks',
    `   - Of an owner: ${runbooksOf('owner')}.\n   - Of \`Keywatch itself\`: ${runbooksOf('keywatch')}.`,
  );

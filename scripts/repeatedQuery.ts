import { type AlertRule, alertRules, type Repeated } from '../src/lib/alerts/alertRules.ts';

interface Part extends Repeated {
  /** Its column of names. */
  readonly column: string;
  /** Whether whoever has it comes first: what is urgent of an owner. */
  readonly isUrgent: boolean;
}

/** `credential-expired` as a column: `CredentialExpired`. */
const columnOf = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_all, letter: string) => letter.toUpperCase());

const partsOf = ({ name, severity, digest }: AlertRule): Part[] =>
  digest.map((part) => ({
    ...part,
    column: columnOf(part.name ?? name),
    isUrgent: part.of === 'owner' && severity <= 1,
  }));

/** Before each part of the line of what is open. */
const BETWEEN = ', ';

const PARTS = alertRules.flatMap(partsOf);

const table = ({ of, rows, names, counts, column }: Part): string => `let Repeated${column} = ${rows}
| project
    Deployment,
    Owner${of === 'keywatch' ? ' = "Keywatch itself"' : ''},
    Named = ${names}
| distinct Deployment, Owner, Named
| summarize
    ${column} = make_set(Named, MostNamed),
    ${column}Count = count()
    by Deployment, Owner
| extend ${column}Open = strcat("${BETWEEN}${counts}: ", tostring(${column}Count));`;

const lines = (items: readonly string[], between: string): string => items.join(`${between}\n`);

/** infra/kql/repeated.kql: what the digest repeats, as each rule.json says it, most severe first. */
export const repeatedQuery =
  (): string => `// Made by \`npm run docs\` from the rule.json of every rule: do not edit.
// What the digest repeats: for each rule a column with what it names, and the number of all that in one line.
// A column names so many: whoever has more works on the list of the workbook.
let MostNamed = 50;
${PARTS.map(table).join('\n')}
let Repeated = Owners
${PARTS.map(({ column }) => `| join kind=leftouter Repeated${column} on Deployment, Owner`).join('\n')}
| project
    TimeGenerated = now(),
    Deployment,
    Owner,
    Open = substring(strcat(
${lines(
  PARTS.map(({ column }) => `        ${column}Open`),
  ',',
)}
        ), strlen("${BETWEEN}")),
    Broken = ${PARTS.filter(({ isUrgent }) => isUrgent)
      .map(({ column }) => `coalesce(${column}Count, 0)`)
      .join('\n        + ')},
${lines(
  PARTS.map(({ column }) => `    ${column}`),
  ',',
)};
`;
